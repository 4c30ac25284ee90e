import type { Job, JobEvent } from '@afterimage/client';
import type { CommandContext, Handle } from './context.ts';

/** The job after the event, as far as the event tells. */
function after(job: Job, event: JobEvent): Job {
  switch (event.type) {
    case 'snapshot':
    case 'end':
      return event.job;
    case 'status':
      return { ...job, status: event.status, phase: event.phase };
    case 'progress':
      return { ...job, progress: event.progress };
    case 'output':
      return { ...job, outputs: [...job.outputs, event.output] };
  }
}

/** The states of a job, progress among them, over one stream of events in place of a request a second. */
export async function* followEvents(
  { client, interrupted: signal }: Pick<CommandContext, 'client' | 'interrupted'>,
  handle: Handle,
): AsyncGenerator<Job, void> {
  let { job } = handle;
  yield job;
  for await (const event of client.jobs.events(handle.id, { signal })) {
    job = after(job, event);
    yield job;
  }
  // The handle has the files of the outputs.
  await handle.refresh({ signal });
}
