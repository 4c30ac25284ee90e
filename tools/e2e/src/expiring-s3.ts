import { startRefusingProxy } from './refusing-proxy.ts';

/** Stands in front of the embedded S3, which does not look at the time of a signed URL. */
export interface ExpiringS3 {
  readonly url: string;
  /** Its clock goes on by so much. */
  passTime(milliseconds: number): void;
  stop(): Promise<void>;
}

/** When a signed URL ends, in epoch milliseconds. NaN for one that is not signed. */
export function endOf(url: URL): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(url.searchParams.get('X-Amz-Date') ?? '') ?? [];
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return signedAt + Number(url.searchParams.get('X-Amz-Expires') ?? Number.NaN) * 1000;
}

/** Refuses a signed URL whose time is over, as S3 does. */
export async function startExpiringS3(target: string): Promise<ExpiringS3> {
  let aheadMs = 0;
  const body = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';
  const proxy = await startRefusingProxy(target, ({ url = '/' }) => {
    const isOver = endOf(new URL(url, target)) <= Date.now() + aheadMs;
    return isOver ? { status: 403, contentType: 'application/xml', body } : undefined;
  });
  return { ...proxy, passTime: (milliseconds) => void (aheadMs += milliseconds) };
}
