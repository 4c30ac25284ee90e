import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiJson, stringAttributes } from './message-format.ts';

describe('asciiJson', () => {
  it('is the same value in ASCII alone', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = asciiJson(value);

        expect(text).toMatch(/^[\0-\x7f]*$/);
        expect(JSON.parse(text)).toStrictEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('writes what is beyond ASCII as code units', () => {
    expect(asciiJson({ é: '🦊\u0080' })).toBe(String.raw`{"\u00e9":"\ud83e\udd8a\u0080"}`);
  });
});

describe('stringAttributes', () => {
  it('leaves out what has no value', () => {
    expect(stringAttributes({ pool: 'local', traceparent: null, model: undefined })).toStrictEqual({
      pool: { DataType: 'String', StringValue: 'local' },
    });
  });
});
