import type { ServedPools } from '@afterimage/app-config';
import { makeCheckReferences, poolFor } from '@afterimage/job-commands';
import type { Clock, JobStore } from '@afterimage/job-core';
import type { CreateJob, JobPreview } from '@afterimage/job-schemas';
import { estimate } from './estimate.ts';

export interface PreviewJobPorts {
  readonly jobs: Pick<JobStore, 'get' | 'list'>;
  readonly pools: ServedPools;
  readonly allowLoopbackWebhooks: boolean;
  readonly now: Clock;
}

/** Earlier jobs that an estimate is made from. */
const RECENT_JOBS = 20;

function withOpenSeed({ input }: CreateJob): JobPreview['input'] {
  return 'prompt' in input ? { ...input, seed: input.seed ?? null } : input;
}

/** Checks a request as for a job and shows the job that it would be; creates nothing. @throws ProblemError as for a job */
export function makePreviewJob({ jobs, pools, allowLoopbackWebhooks, now }: PreviewJobPorts) {
  const checkReferences = makeCheckReferences({ jobs, now });

  return async function previewJob(tenantId: string, request: CreateJob): Promise<JobPreview> {
    const pool = poolFor(request, pools, { allowLoopbackWebhooks });
    const { model, task, output, policy, webhook, metadata } = request;
    const [recent] = await Promise.all([
      jobs.list({ tenantId, model, status: 'succeeded', limit: RECENT_JOBS }),
      checkReferences(request, tenantId),
    ]);
    const { startSeconds, runSeconds } = estimate(
      request.input,
      recent.jobs.filter((job) => job.task === task),
    );
    return {
      object: 'job.preview',
      model,
      pool,
      task,
      input: withOpenSeed(request),
      output,
      policy,
      webhook,
      metadata,
      queue: { ahead: null, estimatedStartSeconds: startSeconds },
      estimatedRunSeconds: runSeconds,
    };
  };
}
