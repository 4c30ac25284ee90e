import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { Call, CallGroups } from './call.ts';

const OPERATION = /^(DynamoDB|AmazonSQS)[^.]*\.(\w+)$/;

function ofForm(body: string): Call {
  const form = new URLSearchParams(body);
  const MessageAttributes: Record<string, unknown> = {};
  for (let n = 1; form.has(`MessageAttributes.entry.${n}.Name`); n++) {
    const at = `MessageAttributes.entry.${n}`;
    MessageAttributes[form.get(`${at}.Name`) ?? ''] = {
      DataType: form.get(`${at}.Value.DataType`),
      StringValue: form.get(`${at}.Value.StringValue`),
    };
  }
  const plain = ['TopicArn', 'Message', 'MessageGroupId'].flatMap((name) => {
    const value = form.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { service: 'sns', operation: 'Publish', input: { ...Object.fromEntries(plain), MessageAttributes } };
}

function toCall(target: string, body: string): Call {
  const [, service, operation = ''] = OPERATION.exec(target) ?? [];
  if (service === undefined) return ofForm(body);
  return { service: service === 'DynamoDB' ? 'dynamodb' : 'sqs', operation, input: JSON.parse(body) };
}

/**
 * Notes the calls of AWS that the process makes while it is told to, in groups of those that are under way at the same time. It has to be there before the
 * SDK, which keeps the function that it makes requests with.
 */
export function installRecorder() {
  const original = http.request;
  let groups: Call[][] | undefined;
  let underWay = 0;

  function record(request: http.ClientRequest, group: Call[]): void {
    const chunks: Buffer[] = [];
    const [write, end] = [request.write.bind(request), request.end.bind(request)];
    const keep = (chunk: unknown) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    };
    request.write = (chunk: unknown, ...rest: never[]) => {
      keep(chunk);
      return write(chunk, ...rest);
    };
    request.end = (chunk?: unknown, ...rest: never[]) => {
      keep(chunk);
      group.push(toCall(String(request.getHeader('x-amz-target') ?? ''), Buffer.concat(chunks).toString()));
      return end(chunk, ...rest);
    };
    request.once('close', () => underWay--);
  }

  const recording = (...args: Parameters<typeof http.request>) => {
    const request = original(...args);
    if (groups === undefined) return request;
    if (underWay++ === 0) groups.push([]);
    record(request, groups.at(-1) ?? []);
    return request;
  };
  Object.assign(http, { request: recording });
  syncBuiltinESMExports();

  /** Runs work and yields the calls that it made. */
  return async function callsOf(work: () => Promise<void>): Promise<CallGroups> {
    const made: Call[][] = [];
    groups = made;
    underWay = 0;
    try {
      await work();
    } finally {
      groups = undefined;
    }
    return made;
  };
}
