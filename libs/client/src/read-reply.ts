import { UnexpectedReplyError } from './errors.ts';
import type { Job } from './job.ts';
import type { Model, ModelDetail } from './model.ts';
import { isObject } from './problem.ts';
import type { Reply } from './transport.ts';

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/** A part of file names, so that nothing else must come through. */
const JOB_ID = /^job_[0-9A-HJKMNP-TV-Z]{26}$/;

type Check = readonly [what: string, isRight: boolean];

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function outputIssues(output: unknown, index: number): string[] {
  const where = `outputs.${index}`;
  if (!isObject(output)) return [`${where}: is not an object`];
  const { contentUrl, contentType, sha256 } = output;
  const checks: readonly Check[] = [
    ['index: is not a count', isCount(output.index)],
    ['bytes: is not a count', isCount(output.bytes)],
    ['contentUrl: is not a URL', typeof contentUrl === 'string' && URL.canParse(contentUrl)],
    ['contentType: is not text', typeof contentType === 'string'],
    ['sha256: is not text', typeof sha256 === 'string'],
  ];
  return checks.filter(([, isRight]) => !isRight).map(([what]) => `${where}.${what}`);
}

/** Only what the client itself relies on has to be there; the rest is for its user to read. */
function jobIssues(value: unknown): string[] {
  if (!isObject(value)) return ['job: is not an object'];
  const { id, status, phase, version, progress, outputs, error } = value;
  const checks: readonly Check[] = [
    ['id: is not the id of a job', typeof id === 'string' && JOB_ID.test(id)],
    ['status: is not text', typeof status === 'string'],
    ['version: is not a count', isCount(version)],
    ['phase: is neither null nor text', phase === null || typeof phase === 'string'],
    ['progress: is neither null nor an object', progress === null || isObject(progress)],
    ['error: is neither null nor an object', error === null || isObject(error)],
    ['outputs: is not a list', Array.isArray(outputs)],
  ];
  const issues = checks.filter(([, isRight]) => !isRight).map(([what]) => what);
  return [...issues, ...(Array.isArray(outputs) ? outputs.flatMap(outputIssues) : [])];
}

/** Whether a job has all that the client relies on. */
export function isJob(value: unknown): value is Job {
  return jobIssues(value).length === 0;
}

function isModelDetail(value: unknown): value is ModelDetail {
  return isObject(value) && isObject(value.inputSchemas) && isModel(value);
}

function isModel(value: unknown): value is Model {
  return isObject(value) && typeof value.id === 'string' && Array.isArray(value.tasks);
}

/** @throws UnexpectedReplyError when it is not JSON */
export function parseReply(reply: Reply): unknown {
  try {
    return JSON.parse(reply.text);
  } catch (cause) {
    throw new UnexpectedReplyError(`the server answered ${reply.status} with something other than JSON`, { cause });
  }
}

function notUnderstood(issues: readonly string[]): UnexpectedReplyError {
  return new UnexpectedReplyError('the reply is not what this version of the client understands', { issues });
}

/** @throws UnexpectedReplyError */
export function readJob(reply: Reply): Job {
  const value = parseReply(reply);
  if (isJob(value)) return value;
  throw notUnderstood(jobIssues(value));
}

/** @throws UnexpectedReplyError */
export function readModel(reply: Reply): ModelDetail {
  const value = parseReply(reply);
  if (isModelDetail(value)) return value;
  throw notUnderstood(['model: has no id, no tasks or no inputSchemas']);
}

function readPage<T>(
  reply: Reply,
  isItem: (value: unknown) => value is T,
  issuesOf: (value: unknown) => string[],
): Page<T> {
  const value = parseReply(reply);
  if (!isObject(value) || !Array.isArray(value.data)) throw notUnderstood(['data: is not a list']);
  const { nextCursor = null } = value;
  if (nextCursor !== null && typeof nextCursor !== 'string') throw notUnderstood(['nextCursor: is not text']);
  const data: readonly unknown[] = value.data;
  if (data.every(isItem)) return { data, nextCursor };
  throw notUnderstood(data.flatMap(issuesOf));
}

/** @throws UnexpectedReplyError */
export function readJobPage(reply: Reply): Page<Job> {
  return readPage(reply, isJob, jobIssues);
}

/** @throws UnexpectedReplyError */
export function readModelPage(reply: Reply): Page<Model> {
  return readPage(reply, isModel, (value) => (isModel(value) ? [] : ['model: has no id or no tasks']));
}
