import type { Client, CreateJobRequest } from '@afterimage/client';
import * as z from 'zod';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { type Fields, valueAt, withValue } from './fields.ts';
import { type ImageFile, imagePaths, isImageFile } from './references.ts';

const shapeSchema = z.looseObject({ model: z.string(), task: z.string(), input: z.looseObject({}) });
/** Only what makes it a request at all: the API checks the rest, and its answer names field and limit. */
const requestSchema = z.custom<CreateJobRequest>((value) => shapeSchema.safeParse(value).success);

async function upload(
  { uploads }: Pick<Client, 'uploads'>,
  { name, bytes }: ImageFile,
  signal: AbortSignal,
): Promise<Fields> {
  try {
    return { uploadId: await uploads.create(bytes, { signal }) };
  } catch (cause) {
    // What the client throws for bytes that are no image; everything else has a message of its own.
    if (!(cause instanceof TypeError)) throw cause;
    throw new CliError(EXIT.usage, `${name}: ${cause.message}`, { cause });
  }
}

/** Uploads the images of a request that are files. @throws CliError for a file that is no image, or a request without input */
export async function uploadFiles(
  client: Pick<Client, 'uploads'>,
  given: Fields,
  signal: AbortSignal,
): Promise<CreateJobRequest> {
  let request = given;
  for (const path of imagePaths(given)) {
    const image = valueAt(given, path);
    if (isImageFile(image)) request = withValue(request, path, await upload(client, image, signal));
  }
  const parsed = requestSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new CliError(EXIT.usage, '"model", "task" and "input" of the request must be a text, a text and fields');
}
