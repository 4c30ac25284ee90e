import { Table, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';

export interface Row {
  readonly id: string;
  /** One for each head, in their order. */
  readonly cells: readonly ReactNode[];
}

export interface RowsProps {
  readonly label: string;
  /** Empty over the column of what can be done. */
  readonly heads: readonly string[];
  readonly rows: readonly Row[];
  readonly minWidth?: number;
}

const MIN_WIDTH = 760;

/** A table that scrolls sideways, by keyboard too, where the screen is narrow. */
export function Rows({ label, heads, rows, minWidth = MIN_WIDTH }: RowsProps) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': label } }}
    >
      <Table highlightOnHover aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head}>{head === '' ? <VisuallyHidden>Acts</VisuallyHidden> : head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ id, cells }) => (
            <Table.Tr key={id}>
              {cells.map((cell, index) => (
                <Table.Td key={heads[index]}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
