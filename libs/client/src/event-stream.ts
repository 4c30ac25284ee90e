/** One event of a `text/event-stream`, or its settings alone. */
export interface StreamFrame {
  /** Of this event or an earlier one on the stream; null before the first id. */
  readonly lastId: string | null;
  readonly type: string;
  /** Undefined for a frame without data, which is no event. */
  readonly data: string | undefined;
  readonly retryMs: number | undefined;
}

/** A carriage return at the end may be the first half of a line break: it waits for the rest. */
const LINE_BREAK = /\r\n|\n|\r(?!$)/;

/**
 * Reads an event stream, as the HTML standard has it (section 9.2.6), from pieces of text that are cut anywhere. An event
 * that is not complete when the stream ends is dropped.
 */
export async function* readEventStream(pieces: AsyncIterable<string>): AsyncGenerator<StreamFrame, void> {
  let rest = '';
  let lastId: string | null = null;
  let type = '';
  let data: string[] = [];
  let retryMs: number | undefined;

  function field(line: string): void {
    const [, name, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'event') type = value;
    if (name === 'data') data.push(value);
    if (name === 'id' && !value.includes('\0')) lastId = value;
    if (name === 'retry' && /^\d+$/.test(value)) retryMs = Number(value);
  }

  for await (const piece of pieces) {
    const lines = (rest + piece).split(LINE_BREAK);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        field(line);
        continue;
      }
      const isEvent = data.length > 0;
      yield { lastId, type: type === '' ? 'message' : type, data: isEvent ? data.join('\n') : undefined, retryMs };
      [type, data, retryMs] = ['', [], undefined];
    }
  }
}
