import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

/** Counts the objects of a bucket of the local stack, which takes any signature. */
export async function countStoredObjects(endpoint: string, bucket: string): Promise<number> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const requestHandler = { connectionTimeout: 2000, requestTimeout: 30_000 };
  const client = new S3Client({ endpoint, region: 'us-east-1', credentials, requestHandler });
  try {
    let count = 0;
    let token: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
      count += page.Contents?.length ?? 0;
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return count;
  } finally {
    client.destroy();
  }
}
