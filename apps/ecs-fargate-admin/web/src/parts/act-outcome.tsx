import type { ActResult } from '@afterimage/admin-schemas';
import { Alert, List } from '@mantine/core';
import { formatCount } from './format.ts';

export interface ActOutcomeProps {
  readonly result: ActResult | undefined;
  /** What it was done to, in the singular. */
  readonly noun: string;
  readonly onClose: () => void;
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** What came of an act on many things. */
export function ActOutcome({ result, noun, onClose }: ActOutcomeProps) {
  if (result === undefined) return null;
  const { done, failures } = result;
  return (
    <Alert
      mb="sm"
      color={failures.length === 0 ? 'green' : 'orange'}
      withCloseButton
      closeButtonLabel="Close"
      onClose={onClose}
      role="status"
      title={`Done to ${counted(done, noun)}${failures.length === 0 ? '' : `, not to ${formatCount(failures.length)}`}`}
    >
      {failures.length > 0 && (
        <List size="sm">
          {failures.map(({ id, detail }) => (
            <List.Item key={id}>
              {id}: {detail}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
