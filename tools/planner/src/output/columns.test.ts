import { expect, it } from 'vitest';
import { formatColumns, wrap } from './columns.ts';
import { duration, quantity, usd } from './numbers.ts';

const COLUMNS = [{ title: 'NAME' }, { title: 'WHAT', isShrinkable: true }, { title: 'USD', align: 'right' }] as const;

it('cuts the column that may be cut, and no other, to the width of the terminal', () => {
  const rows = [
    ['S3', 'a text that is much too long for it', '1,234.50'],
    ['EC2', 'short', '2.00'],
  ];

  expect(formatColumns(COLUMNS, rows, { width: 34, hasColor: false }).split('\n')).toEqual([
    'NAME  WHAT                     USD',
    'S3    a text that is mu…  1,234.50',
    'EC2   short                   2.00',
    '',
  ]);
  const coloured = formatColumns(COLUMNS, rows, { width: 200, hasColor: true });
  expect(coloured.startsWith('\u001B[1mNAME ')).toBe(true);
});

it('puts words into lines of the width', () => {
  expect(wrap('one two three four', 11, '  ')).toBe('  one two\n  three\n  four\n');
});

it('writes numbers for people', () => {
  expect([usd(1234.5), quantity(1234.56), quantity(1.234), quantity(7)]).toEqual(['1,234.50', '1,235', '1.23', '7']);
  expect([duration(0.74), duration(150), duration(9000)]).toEqual(['0.7 s', '2.5 min', '2.5 h']);
});
