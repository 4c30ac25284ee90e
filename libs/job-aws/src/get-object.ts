import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import { callAws } from './aws-errors.ts';

export interface GetObjectOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * The whole of an object; undefined when there is none.
 * @throws RangeError when it is larger than `maxBytes`, before it is read
 */
export async function getObject(
  client: S3Client,
  bucket: string,
  key: string,
  { maxBytes, signal }: GetObjectOptions,
): Promise<Uint8Array | undefined> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  try {
    return await callAws(`the bucket ${bucket}`, async () => {
      const { Body, ContentLength = 0 } = await client.send(command, { abortSignal: signal });
      if (ContentLength <= maxBytes) return (await Body?.transformToByteArray()) ?? new Uint8Array();
      // Not reading it would keep the socket.
      if (Body !== undefined && 'destroy' in Body) Body.destroy();
      throw new RangeError(`an object of ${ContentLength} bytes is larger than the ${maxBytes} that are allowed`);
    });
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
