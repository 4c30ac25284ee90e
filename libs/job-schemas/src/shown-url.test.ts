import { expect, test } from 'vitest';
import { shownUrl } from './shown-url.ts';

test.each([
  ['ftp://a.example', '"ftp://a.example"'],
  ['http://a.example/', '"http://a.example"'],
  ['http://a.example:8080/hook', '"http://a.example:8080/…"'],
  ['https://a.example/services/T00/secret?token=secret#secret', '"https://a.example/…"'],
  ['https://a.example?token=secret', '"https://a.example/…"'],
  ['https://user:secret@a.example/', '"https://…@a.example/…"'],
  ['https://:secret@a.example', '"https://…@a.example/…"'],
  ['HTTPS://A.example', '"https://a.example/…"'],
  ['https://[::ffff:10.0.0.1]/', '"https://[::ffff:a00:1]/…"'],
  ['file:///etc/secret', '"file:…"'],
  ['mailto:secret@a.example', '"mailto:…"'],
  ['javascript:secret()', '"javascript:…"'],
  ['a.example:8080/secret', '"a.example:…"'],
  ['a.example/hook?token=secret', '"a.example/…"'],
  ['user:secret@a.example/hook', '"user:…"'],
  ['//user:secret@a.example', '"/…"'],
  ['secret@a.example', '"…"'],
  ['nope', '"nope"'],
  ['', '""'],
  ['https://', '"https:…"'],
  [`https://${'a'.repeat(100)}.example/`, '117 characters'],
])('of %j a message shows %s', (value, shown) => {
  expect(shownUrl(value)).toBe(shown);
});
