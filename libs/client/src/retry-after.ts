/**
 * Milliseconds that a `Retry-After` header asks for: whole seconds, or an HTTP date (RFC 9110, 10.2.3).
 * @returns undefined when there is no header or it is neither
 */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  // Date.parse takes many things for dates that no server means as one, such as "1.5".
  return Number.isNaN(at) || !/[a-z]/i.test(text) ? undefined : Math.max(0, at - nowMs);
}
