import { parse, YAMLParseError } from 'yaml';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { type Fields, isFields, toPath, valueAt, withValue } from './fields.ts';

/** YAML, and so JSON as well. @throws CliError with the line that cannot be read */
export function parseYaml(text: string, name: string): unknown {
  try {
    return parse(text, { prettyErrors: true, maxAliasCount: 0 });
  } catch (cause) {
    const reason = cause instanceof YAMLParseError ? (cause.message.split('\n')[0] ?? '') : 'it is not understood';
    throw new CliError(EXIT.usage, `${name} is neither YAML nor JSON: ${reason.replace(/:$/, '')}`, { cause });
  }
}

/**
 * The request in a file: as the API takes it, or with fields outside of their sections (`prompt`, `steps`, `format`).
 * @throws CliError that names the field
 */
export function parseRequestFile(text: string, name: string): Fields {
  const content = parseYaml(text, name);
  if (isFields(content)) return inSections(content);
  throw new CliError(EXIT.usage, `${name} holds no request`, {
    lines: ['a request is written as fields, such as "prompt: a red lighthouse" and "steps: 30"'],
  });
}

/** The fields, each in its section. @throws CliError that names the field */
export function inSections(content: Fields): Fields {
  let request: Fields = {};
  for (const [key, value] of Object.entries(content)) {
    const path = toPath(key);
    const earlier = valueAt(request, path);
    // `steps` and `input` in one file are two parts of the same section.
    request = withValue(request, path, isFields(earlier) && isFields(value) ? { ...value, ...earlier } : value);
  }
  return request;
}
