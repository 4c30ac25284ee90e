import { describe, expect, it } from 'vitest';
import { isSafePath, parseChecksums } from './checksums.ts';

const SUM = 'ab'.repeat(32);

describe('the list of checksums', () => {
  it('is what sha256sum writes', () => {
    const text = `${SUM}  model_index.json\n${SUM} *unet/model.onnx\n${SUM}  ./unet/model.onnx_data\n\n`;
    expect([...parseChecksums(text, 'SHA256SUMS')]).toEqual([
      ['model_index.json', SUM],
      ['unet/model.onnx', SUM],
      ['unet/model.onnx_data', SUM],
    ]);
  });

  it.each([
    [`${SUM}  model_index.json\nhello`, 'SHA256SUMS: line 2 is not "SHA-256  path"'],
    [`${SUM}  ../../etc/passwd`, 'SHA256SUMS: line 1 names a path that may not be written: ../../etc/passwd'],
    [`${SUM}  /etc/passwd`, 'line 1 names a path that may not be written: /etc/passwd'],
    [`${SUM}  unet/model.onnx`, 'SHA256SUMS: does not name model_index.json'],
    ['', 'SHA256SUMS: does not name model_index.json'],
    [Array.from({ length: 1001 }, (_, at) => `${SUM}  file-${at}`).join('\n'), 'names more than 1000 files'],
  ])('is refused with the line: %#', (text, message) => {
    expect(() => parseChecksums(text, 'SHA256SUMS')).toThrow(message);
  });

  it.each([
    '..',
    'a/../b',
    './a',
    'a//b',
    '/a',
    'a/',
    '',
    '.hidden',
    'a\\b',
    'C:a',
    'a\u0000b',
    'a/b/c/d/e',
    'x'.repeat(257),
    'a b',
  ])('does not name %j', (path) => {
    expect(isSafePath(path)).toBe(false);
  });
});
