import { describe, expect, it } from 'vitest';
import { acceptedType, EVENT_STREAM, JSON_TYPE } from './accepted-type.ts';

describe('acceptedType', () => {
  it.each([
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/json', JSON_TYPE],
    ['text/event-stream', EVENT_STREAM],
    ['Text/Event-Stream; charset=utf-8', EVENT_STREAM],
    ['text/event-stream, application/json;q=0.5', EVENT_STREAM],
    ['text/event-stream;q=0.2, application/json;q=0.5', JSON_TYPE],
    ['text/event-stream, */*', JSON_TYPE],
    ['text/event-stream, */*;q=0.1', EVENT_STREAM],
    ['text/*, application/json;q=0', EVENT_STREAM],
    ['text/html, application/*', JSON_TYPE],
  ])('reads %j as %s', (accept, type) => {
    expect(acceptedType(accept)).toBe(type);
  });

  it.each(['text/html', 'application/json;q=0', 'nonsense', 'text/event-stream;q=0'])('refuses %j', (accept) => {
    expect(() => acceptedType(accept)).toThrow(expect.objectContaining({ code: 'not-acceptable' }));
  });
});
