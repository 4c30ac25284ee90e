import type { Route } from '@afterimage/app-host/lambda';
import { legacyFolder } from '@afterimage/job-core';
import type { OldTaskAccepted, TaskAccepted } from '@afterimage/job-schemas';
import type { Submitted } from '@afterimage/job-commands';
import { refuseParameters } from '../request.ts';
import { type TaskCommand, toOldTaskCommand, toTaskCommand } from './task-command.ts';

export interface TaskRoutesPorts {
  readonly submitTask: (command: TaskCommand) => Promise<Submitted>;
  readonly outputBucket: string;
  readonly apiUrl: string;
}

/** The routes of the AWS guidance's own API. They answer with its bodies; the headers lead to the job in ours. */
export function makeTaskRoutes({ submitTask, outputBucket, apiUrl }: TaskRoutesPorts) {
  async function submit(command: TaskCommand) {
    const { job, isReplay } = await submitTask(command);
    return {
      output_location: `s3://${outputBucket}/${legacyFolder(command.tenantId, command)}`,
      headers: {
        location: `${apiUrl}/v1/jobs/${job.id}`,
        ...(isReplay ? { 'idempotency-replayed': 'true' } : {}),
      },
    };
  }

  const create: Route['handle'] = async (request) => {
    refuseParameters(request);
    const command = toTaskCommand(request);
    const { output_location, headers } = await submit(command);
    const body: TaskAccepted = { id: command.id, runtime: command.runtime, output_location };
    return { status: 200, headers, body };
  };

  const createOld: Route['handle'] = async (request) => {
    refuseParameters(request);
    const command = toOldTaskCommand(request);
    const { output_location, headers } = await submit(command);
    const body: OldTaskAccepted = { id_task: command.id, sd_model_checkpoint: command.checkpoint, output_location };
    return { status: 200, headers, body };
  };

  return { create, createOld };
}
