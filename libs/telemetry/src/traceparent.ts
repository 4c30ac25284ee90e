/** W3C trace context (https://www.w3.org/TR/trace-context/), the form in which a trace travels through the queues. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const XRAY_ROOT = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/;
const XRAY_PARENT = /Parent=([0-9a-f]{16})/;

/** Whether the value is a traceparent of version 00. */
export function isTraceparent(value: string | undefined): value is string {
  return value !== undefined && TRACEPARENT.test(value);
}

/**
 * The trace that a request belongs to: the client's own, else the one that X-Ray began for it.
 * @param xrayHeader value of `X-Amzn-Trace-Id`
 * @returns null when there is neither
 */
export function traceparentOf(clientHeader: string | undefined, xrayHeader: string | undefined): string | null {
  if (isTraceparent(clientHeader)) return clientHeader;
  const root = XRAY_ROOT.exec(xrayHeader ?? '');
  if (root === null) return null;
  const [, time = '', unique = ''] = root;
  const parent = XRAY_PARENT.exec(xrayHeader ?? '')?.[1] ?? unique.slice(0, 16);
  const sampled = /Sampled=1/.test(xrayHeader ?? '') ? '01' : '00';
  const traceparent = `00-${time}${unique}-${parent}-${sampled}`;
  return isTraceparent(traceparent) ? traceparent : null;
}
