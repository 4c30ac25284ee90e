import { type AdminJob, adminJobSchema } from '@afterimage/admin-schemas';
import { isTerminal } from '@afterimage/job-schemas';
import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { act } from '../../api/client.ts';
import { useMay, useSession } from '../../app/session.ts';
import { ConfirmAct } from '../../parts/confirm-act.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { asCurl } from './as-curl.ts';

/** What can be done with a job in its state, by this operator. */
export function JobActs({ job }: { readonly job: AdminJob }) {
  const { apiUrl } = useSession();
  const navigate = useNavigate();
  const mayOperate = useMay('operator');
  const mayErase = useMay('admin');
  const hasEnded = isTerminal(job.status);
  const path = `/jobs/${job.id}`;
  return (
    <>
      <CopyText label="Copy as curl" text={asCurl(job, apiUrl)} />
      {mayOperate && (
        <Button
          size="xs"
          variant="default"
          renderRoot={(props) => <Link to="/playground" search={{ from: job.id }} {...props} />}
        >
          Clone and edit
        </Button>
      )}
      {mayOperate && !hasEnded && (
        <ConfirmAct
          label="Cancel job"
          consequence="1 job will be canceled."
          isDisabled={job.status === 'canceling'}
          act={(reason) => act(adminJobSchema, `${path}/cancel`, { reason })}
        />
      )}
      {mayOperate && hasEnded && job.erasedAt === null && (
        <ConfirmAct
          label="Retry job"
          consequence="1 job will be submitted again, as a new job."
          act={async (reason) => {
            const { id } = await act(adminJobSchema, `${path}/retry`, { reason });
            await navigate({ to: '/jobs/$id', params: { id } });
          }}
        />
      )}
      {mayErase && hasEnded && job.erasedAt === null && (
        <ConfirmAct
          label="Erase job"
          consequence="1 job will be erased, with its inputs and outputs. They cannot be brought back."
          isDangerous
          act={(reason) => act(adminJobSchema, `${path}/erase`, { reason })}
        />
      )}
    </>
  );
}
