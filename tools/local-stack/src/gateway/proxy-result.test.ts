import { describe, expect, it } from 'vitest';
import { readProxyResult } from './proxy-result.ts';

describe('readProxyResult', () => {
  it('reads status, headers and body', () => {
    const reply = readProxyResult({ statusCode: 202, headers: { 'Retry-After': 2, ETag: 'W/"1"' }, body: '{"a":"ü"}' });

    expect(reply).toEqual({
      status: 202,
      headers: { 'retry-after': '2', etag: 'W/"1"', 'content-type': 'application/json' },
      body: Buffer.from('{"a":"ü"}'),
    });
  });

  it('takes several values of a header, and lets them win over one', () => {
    const { headers } = readProxyResult({
      statusCode: 200,
      headers: { 'Set-Cookie': 'a=1', 'X-One': '1' },
      multiValueHeaders: { 'set-cookie': ['b=2', 'c=3'] },
    });

    expect(headers).toEqual({ 'set-cookie': ['b=2', 'c=3'], 'x-one': '1' });
  });

  it('decodes base64', () => {
    const bytes = Buffer.from([0, 255, 137, 80]);
    const reply = readProxyResult({
      statusCode: 200,
      headers: { 'content-type': 'image/png' },
      body: bytes.toString('base64'),
      isBase64Encoded: true,
    });

    expect(reply.body).toEqual(bytes);
  });

  it('leaves the length of the body to the gateway', () => {
    expect(readProxyResult({ statusCode: 200, headers: { 'Content-Length': '1' }, body: 'four' }).headers).toEqual({
      'content-type': 'application/json',
    });
  });

  it.each([
    ['nothing', null],
    ['a text', 'ok'],
    ['no status', { body: 'x' }],
    ['a status that is none', { statusCode: 99 }],
    ['a body that is an object', { statusCode: 200, body: { a: 1 } }],
    ['a nested header', { statusCode: 200, headers: { a: { b: 1 } } }],
    ['a member of another payload format', { statusCode: 200, cookies: ['a=1'] }],
    ['a header value with a line break', { statusCode: 200, headers: { location: 'a\r\nset-cookie: b' } }],
  ])('refuses %s', (_what, result) => {
    expect(() => readProxyResult(result)).toThrow();
  });
});
