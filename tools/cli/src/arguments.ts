import { InvalidArgumentError } from 'commander';
import { idPattern } from '@afterimage/job-schemas';

/** Parsers of option values. Ranges are the API's business: its answer names field and limit. */
export function parseInteger(value: string): number {
  if (!/^-?\d+$/.test(value)) throw new InvalidArgumentError('must be a whole number.');
  return Number(value);
}

export function parseCount(value: string): number {
  const count = parseInteger(value);
  if (count < 1) throw new InvalidArgumentError('must be at least 1.');
  return count;
}

export function parseIndex(value: string): number {
  const index = parseInteger(value);
  if (index < 0) throw new InvalidArgumentError('must be at least 0.');
  return index;
}

export function parseDecimal(value: string): number {
  if (value.trim() === '' || !Number.isFinite(Number(value))) throw new InvalidArgumentError('must be a number.');
  return Number(value);
}

export function parseSize(value: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /^(\d+)x(\d+)$/i.exec(value) ?? [];
  if (width === undefined || height === undefined)
    throw new InvalidArgumentError('must be WIDTHxHEIGHT, like 768x512.');
  return { width: Number(width), height: Number(height) };
}

export function parseHttpUrl(value: string): string {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError('must be an http or https URL.');
  return url.href;
}

const JOB_ID = idPattern('job');

export function parseJobId(value: string): string {
  if (!JOB_ID.test(value)) throw new InvalidArgumentError('must be a job id: job_ and 26 characters.');
  return value;
}

const BATCH_ID = idPattern('bat');

export function parseBatchId(value: string): string {
  if (!BATCH_ID.test(value)) throw new InvalidArgumentError('must be a batch id: bat_ and 26 characters.');
  return value;
}

export function collectJobIds(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), parseJobId(value)];
}
