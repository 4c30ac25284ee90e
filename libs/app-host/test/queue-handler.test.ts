import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Telemetry } from '@afterimage/telemetry';
import { queueHandler } from '../src/lambda/queue-handler.ts';
import { scheduledHandler } from '../src/lambda/scheduled-handler.ts';
import { CONTEXT, noTracing } from './api-event.ts';

function recordingTelemetry() {
  const lines: string[] = [];
  const counts: string[] = [];
  let flushes = 0;
  const write = (message: string, fields?: object) => void lines.push(JSON.stringify({ message, ...fields }));
  const telemetry: Telemetry = {
    log: { debug: write, info: write, warn: write, error: write },
    metrics: {
      count: (name) => void counts.push(name),
      duration: () => undefined,
      gauge: () => undefined,
      flush: () => void flushes++,
    },
  };
  return { telemetry, lines, counts, flushes: () => flushes };
}

function anEvent(bodies: readonly string[]): SQSEvent {
  const records = bodies.map((body, index) => ({
    messageId: `message-${index}`,
    body,
    messageAttributes: {},
    attributes: { ApproximateReceiveCount: '1' },
  }));
  return { Records: records } as unknown as SQSEvent;
}

describe('queueHandler', () => {
  it('gives back only the messages that failed or cannot be read', async () => {
    const { telemetry, lines, counts, flushes } = recordingTelemetry();
    const handled: number[] = [];
    const handler = queueHandler({
      telemetry,
      tracing: noTracing,
      schema: z.object({ number: z.int() }),
      handle: async ({ number }) => {
        if (number === 2) throw new Error('receiver is away');
        handled.push(number);
      },
    });

    const result = await handler(
      anEvent(['{"number":1}', '{"number":2}', '{"number":"secret"}', 'secret', '{"number":5}']),
      CONTEXT,
    );

    expect(handled).toEqual([1, 5]);
    expect(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'message-1',
      'message-2',
      'message-3',
    ]);
    expect(counts.toSorted()).toEqual([
      'RecordFailed',
      'RecordHandled',
      'RecordHandled',
      'RecordUnreadable',
      'RecordUnreadable',
    ]);
    expect(lines.join()).not.toContain('secret');
    expect(flushes()).toBe(1);
  });

  it('gives back nothing when all went well', async () => {
    const { telemetry } = recordingTelemetry();
    const handler = queueHandler({
      telemetry,
      tracing: noTracing,
      schema: z.object({}),
      handle: async () => undefined,
    });

    expect(await handler(anEvent(['{}', '{}']), CONTEXT)).toEqual({ batchItemFailures: [] });
  });
});

describe('scheduledHandler', () => {
  it('runs with the time that is left, and flushes metrics after a failure too', async () => {
    const { telemetry, flushes } = recordingTelemetry();
    const handler = scheduledHandler({ telemetry, tracing: noTracing, run: async (remainingMs) => remainingMs() });
    const failing = scheduledHandler({
      telemetry,
      tracing: noTracing,
      run: () => Promise.reject(new Error('table is away')),
    });

    expect(await handler({}, CONTEXT)).toBe(29_000);
    await expect(failing({}, CONTEXT)).rejects.toThrow('table is away');
    expect(flushes()).toBe(2);
  });
});
