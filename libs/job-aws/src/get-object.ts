import { addAbortSignal, Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import { callAws } from './aws-errors.ts';

export interface GetObjectOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** For the whole object: the client's own limit ends when the answer begins. */
const READ_MS = 60_000;

function tooLarge(bytes: number, maxBytes: number): RangeError {
  return new RangeError(`an object of ${bytes} bytes is larger than the ${maxBytes} that are allowed`);
}

async function readBody(body: unknown, { maxBytes, signal }: GetObjectOptions): Promise<Uint8Array> {
  if (!(body instanceof Readable)) throw new TypeError('the answer has no body that can be read');
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of addAbortSignal(signal, body) as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(bytes, maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
  return Buffer.concat(chunks, bytes);
}

/**
 * The whole of an object; undefined when there is none.
 * @throws RangeError when it is larger than `maxBytes`, before it is read; the signal's reason when it aborts
 */
export async function getObject(
  client: S3Client,
  bucket: string,
  key: string,
  { maxBytes, signal }: GetObjectOptions,
): Promise<Uint8Array | undefined> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  const limited = AbortSignal.any([signal, AbortSignal.timeout(READ_MS)]);
  try {
    return await callAws(`the bucket ${bucket}`, async () => {
      const { Body, ContentLength = 0 } = await client.send(command, { abortSignal: limited });
      if (ContentLength <= maxBytes) return readBody(Body, { maxBytes, signal: limited });
      // Not reading it would keep the socket.
      if (Body instanceof Readable) Body.destroy();
      throw tooLarge(ContentLength, maxBytes);
    });
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw signal.aborted ? signal.reason : error;
  }
}
