import type { ApiRequest } from '@afterimage/app-host/lambda';
import { ProblemError } from '@afterimage/job-core';
import { createOldTaskSchema, createTaskSchema, type LegacyTaskType, LIMITS } from '@afterimage/job-schemas';
import type { Routing } from './choose-model.ts';
import { parsePayload } from './payload-problem.ts';
import { type Content, withoutRouting } from './webui-content.ts';

/** A request in the form of the guidance, of either of its versions. */
export interface TaskCommand {
  readonly tenantId: string;
  readonly id: string;
  readonly tasktype: LegacyTaskType;
  readonly prefix: string;
  readonly context: unknown;
  readonly routing: Routing;
  /** The body of the engine, and the pointer to it in the payload. */
  readonly content: Content;
  readonly base: string;
  readonly traceparent: string | null;
}

function readPayload(request: ApiRequest) {
  // The guidance looks at no media type, and `curl -d` sends another one than that of JSON.
  const body = request.json({ maxBytes: LIMITS.legacyBodyBytes, anyMediaType: true });
  return { payload: body, common: { tenantId: request.tenantId(), traceparent: request.traceparent } };
}

function withoutScripts(tasktype: LegacyTaskType, content: Content): ReturnType<typeof withoutRouting> {
  return tasktype === 'pipeline' ? { body: content, checkpoint: undefined } : withoutRouting(content);
}

/** What is left of a body when its images are taken out has to fit into the job's record. */
export function checkSize(content: Content): void {
  const bytes = Buffer.byteLength(JSON.stringify(content));
  if (bytes <= LIMITS.bodyBytes) return;
  const detail = `the content must be at most ${LIMITS.bodyBytes} bytes without its images, got ${bytes}`;
  throw new ProblemError('payload-too-large', { detail });
}

/** Reads `POST /v1alpha2/task`. @throws ProblemError `malformed-request` that names what is wrong */
export function toTaskCommand(request: ApiRequest): TaskCommand & { readonly runtime: string } {
  const { payload, common } = readPayload(request);
  const { metadata, content } = parsePayload(createTaskSchema, payload).task;
  const { tasktype, runtime } = metadata;
  const { body, checkpoint } = withoutScripts(tasktype, content);
  const base = '#/task/content';
  const at = {
    runtime: '#/task/metadata/runtime',
    tasktype: '#/task/metadata/tasktype',
    checkpoint: `${base}/alwayson_scripts/sd_model_checkpoint`,
  };
  return { ...common, ...metadata, content: body, base, routing: { tasktype, runtime, checkpoint, at } };
}

/** Reads `POST /v1alpha1`. @throws ProblemError `malformed-request` that names what is wrong */
export function toOldTaskCommand(request: ApiRequest): TaskCommand & { readonly checkpoint: string } {
  const { payload, common } = readPayload(request);
  const { s3_output_path: _, ...content } = parsePayload(createOldTaskSchema, payload);
  const { task: tasktype, id_task: id, save_dir: prefix, sd_model_checkpoint: checkpoint } = content.alwayson_scripts;
  const { body } = withoutRouting(content);
  const base = '#';
  const at = {
    runtime: `${base}/alwayson_scripts/sd_model_checkpoint`,
    tasktype: `${base}/alwayson_scripts/task`,
    checkpoint: `${base}/alwayson_scripts/sd_model_checkpoint`,
  };
  const routing = { tasktype, runtime: undefined, checkpoint, at };
  return { ...common, id, tasktype, prefix, context: {}, checkpoint, content: body, base, routing };
}
