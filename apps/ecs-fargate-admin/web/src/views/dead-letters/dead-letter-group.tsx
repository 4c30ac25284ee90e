import {
  type ActResult,
  actResultSchema,
  type DeadLetter,
  type DeadLetterAct,
  type DeadLetterGroup,
} from '@afterimage/admin-schemas';
import { Anchor, Code, Group as Row, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { act } from '../../api/client.ts';
import { useMay } from '../../app/session.ts';
import { ActOutcome } from '../../parts/act-outcome.tsx';
import { ConfirmAct } from '../../parts/confirm-act.tsx';
import { formatCount } from '../../parts/format.ts';
import { Moment } from '../../parts/moment.tsx';
import { Rows } from '../../parts/rows.tsx';

type Which = Pick<DeadLetterAct, 'queue' | 'groupId' | 'messageId' | 'expectedCount'>;

interface ActsProps {
  readonly which: Which;
  /** What the acts are for, such as `this message`. */
  readonly name: string;
  /** In a row, which says what they are for. */
  readonly shortLabels?: boolean;
  readonly onResult: (result: ActResult) => void;
}

function Acts({ which, name, shortLabels = false, onResult }: ActsProps) {
  const mayRedrive = useMay('operator');
  const mayDiscard = useMay('admin');
  const { expectedCount } = which;
  const messages = `${formatCount(expectedCount)} ${expectedCount === 1 ? 'message' : 'messages'}`;
  async function send(verb: 'redrive' | 'discard', reason: string): Promise<void> {
    onResult(await act(actResultSchema, `/dead-letters/${verb}`, { ...which, reason } satisfies DeadLetterAct));
  }
  return (
    <Row gap="xs" wrap="nowrap">
      {mayRedrive && (
        <ConfirmAct
          label={`Redrive ${name}`}
          {...(shortLabels ? { shortLabel: 'Redrive' } : {})}
          consequence={`${messages} will go back, and be handled again. A job that has failed since is submitted again, as a new job.`}
          act={(reason) => send('redrive', reason)}
        />
      )}
      {mayDiscard && (
        <ConfirmAct
          label={`Discard ${name}`}
          {...(shortLabels ? { shortLabel: 'Discard' } : {})}
          consequence={`${messages} will be deleted for good.`}
          isDangerous
          act={(reason) => send('discard', reason)}
        />
      )}
    </Row>
  );
}

function jobLink({ jobId }: DeadLetter) {
  if (jobId === null) return '–';
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/jobs/$id" params={{ id: jobId }} {...props} />}>
      {jobId}
    </Anchor>
  );
}

/** Dead letters with the same cause, and what can be done with one or all of them. */
export function Group({ group }: { readonly group: DeadLetterGroup }) {
  const { id, queue, cause, count, newestAt, letters } = group;
  const [result, setResult] = useState<ActResult>();
  return (
    <Paper withBorder p="sm">
      <Stack gap="xs">
        <Row justify="space-between">
          <Title order={3} size="h5">
            {cause}
          </Title>
          <Acts
            which={{ queue, groupId: id, expectedCount: count }}
            name={`all ${formatCount(count)}`}
            onResult={setResult}
          />
        </Row>
        <Text size="sm" c="dimmed" component="div">
          {formatCount(count)} in {queue}, the newest of <Moment at={newestAt} />
        </Text>
        <ActOutcome result={result} noun="message" onClose={() => setResult(undefined)} />
        <Rows
          label={`Dead letters: ${cause}`}
          heads={['Sent', 'Job', 'Tenant', 'Received', 'Message', '']}
          minWidth={900}
          rows={letters.map((letter) => ({
            id: letter.messageId,
            cells: [
              <Moment key="sent" at={letter.sentAt} />,
              jobLink(letter),
              letter.tenantId ?? '–',
              `${letter.receiveCount} times`,
              <Code key="summary" display="block" miw="10rem" style={{ overflowWrap: 'anywhere' }}>
                {letter.summary}
              </Code>,
              <Acts
                key="acts"
                which={{ queue, messageId: letter.messageId, expectedCount: 1 }}
                name="this one"
                shortLabels
                onResult={setResult}
              />,
            ],
          }))}
        />
      </Stack>
    </Paper>
  );
}
