import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ApiAnswer } from './exchange.ts';
import { type DocumentedOperation, readDocument } from './document.ts';

const escape = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Resolves the references on the way, as `responses` are references to components. */
function pointerTo(document: unknown, parts: readonly string[]): string {
  let value: unknown = document;
  let pointer: string[] = [];
  for (const part of parts) {
    value = (value as Readonly<Record<string, unknown>>)[part];
    pointer.push(escape(part));
    const ref = (value as { readonly $ref?: string } | undefined)?.$ref;
    if (ref === undefined) continue;
    const target = ref.slice(2).split('/');
    value = target.reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>>)[name], document);
    pointer = target.map(escape);
  }
  return pointer.join('/');
}

/** Says what of an answer is not as the document has it; an empty list when all is. */
export function conformanceOf(json: unknown) {
  const document = readDocument(json);
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    formats: {
      uri: (text: string) => URL.canParse(text),
      date: /^\d{4}-\d\d-\d\d$/,
      'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    },
  });
  ajv.addSchema(Object(json), 'api');

  function bodyErrors(parts: readonly string[], text: string): string[] {
    const validate = ajv.getSchema(`api#/${pointerTo(document, parts)}`);
    if (validate === undefined) return [`there is no schema at ${parts.join(' ')}`];
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return ['the body is not JSON'];
    }
    if (validate(body) === true) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  function responseErrors({ path, method }: Pick<DocumentedOperation, 'path' | 'method'>, answer: ApiAnswer): string[] {
    const { status, mediaType, text } = answer;
    const at = ['paths', path, method.toLowerCase(), 'responses', String(status)];
    const responses = document.paths[path]?.[method.toLowerCase()]?.responses ?? {};
    if (!(String(status) in responses)) return [`the status ${status} is not documented: ${text}`];
    if (text === '') return mediaType === '' ? [] : [`an empty body is said to be ${mediaType}`];
    if (status >= 400 && mediaType !== 'application/problem+json') return [`the problem is ${mediaType}`];
    if (mediaType === 'text/html') return [];
    return bodyErrors([...at, 'content', mediaType, 'schema'], text);
  }

  function webhookErrors(event: string, body: string): string[] {
    return bodyErrors(['webhooks', event, 'post', 'requestBody', 'content', 'application/json', 'schema'], body);
  }

  return { responseErrors, webhookErrors };
}
