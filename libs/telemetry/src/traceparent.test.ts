import { describe, expect, it } from 'vitest';
import { isTraceparent, traceparentOf } from './traceparent.ts';

const CLIENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const XRAY = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';

describe('traceparentOf', () => {
  it.each([
    ['the trace of the client', CLIENT, XRAY, CLIENT],
    ['the trace of X-Ray', undefined, XRAY, '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01'],
    [
      'a trace that is not sampled',
      undefined,
      'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0',
      '00-5759e988bd862e3fe1be46a994272793-bd862e3fe1be46a9-00',
    ],
    [
      'the trace of X-Ray when the client’s is malformed',
      'nonsense',
      XRAY,
      '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01',
    ],
    ['none', undefined, undefined, null],
    ['none of a malformed header', undefined, 'Root=1-zz', null],
  ])('is %s', (_name, client, xray, expected) => {
    expect(traceparentOf(client, xray)).toBe(expected);
  });

  it.each([
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
    `01${CLIENT.slice(2)}`,
  ])('%s is none', (value) => {
    expect(isTraceparent(value)).toBe(false);
  });
});
