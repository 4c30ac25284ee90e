import { type ActResult, actResultSchema, type BulkAct } from '@afterimage/admin-schemas';
import { Group, Text } from '@mantine/core';
import { useState } from 'react';
import { act } from '../../api/client.ts';
import { useMay } from '../../app/session.ts';
import { ActOutcome } from '../../parts/act-outcome.tsx';
import { ConfirmAct } from '../../parts/confirm-act.tsx';

/** As many as one request takes. */
const MOST = 100;

const ACTS = [
  { action: 'cancel', label: 'Cancel', done: 'canceled', role: 'operator', isDangerous: false },
  { action: 'retry', label: 'Retry', done: 'submitted again', role: 'operator', isDangerous: false },
  { action: 'erase', label: 'Erase', done: 'erased with their inputs and outputs', role: 'admin', isDangerous: true },
] as const;

function counted(count: number): string {
  return `${count} ${count === 1 ? 'job' : 'jobs'}`;
}

function selection(count: number): string {
  if (count === 0) return 'Select jobs to cancel, retry or erase them.';
  return `${counted(count)} selected${count > MOST ? `; at most ${MOST} at a time` : ''}`;
}

/** Acts on the selected jobs, and what came of the last one. */
export function BulkActs({ ids, onDone }: { readonly ids: readonly string[]; readonly onDone: () => void }) {
  const [result, setResult] = useState<ActResult>();
  const may = { operator: useMay('operator'), admin: useMay('admin') };
  const acts = ACTS.filter(({ role }) => may[role]);
  return (
    <>
      <Group gap="xs" mb="sm" aria-live="polite">
        <Text size="sm">{selection(ids.length)}</Text>
        {ids.length > 0 &&
          acts.map(({ action, label, done, isDangerous }) => (
            <ConfirmAct
              key={action}
              label={`${label} ${counted(ids.length)}`}
              consequence={`${counted(ids.length)} will be ${done}.`}
              isDangerous={isDangerous}
              isDisabled={ids.length > MOST}
              act={async (reason) =>
                setResult(await act(actResultSchema, '/jobs/bulk', { action, ids: [...ids], reason } satisfies BulkAct))
              }
              onDone={onDone}
            />
          ))}
      </Group>
      <ActOutcome result={result} noun="job" onClose={() => setResult(undefined)} />
    </>
  );
}
