import * as z from 'zod';

/** What must not be in any line: keys, signing secrets, signatures of URLs, credentials of requests. */
const SECRETS = [
  { what: 'an API key', pattern: /\bai_[A-Za-z0-9]{6,}_[A-Za-z0-9_-]{16,}/ },
  { what: 'a webhook secret', pattern: /\bwhsec_[A-Za-z0-9+/=]{16,}/ },
  { what: 'a signed URL', pattern: /[?&]X-Amz-(Signature|Credential|Security-Token)=/i },
  { what: 'a bearer token', pattern: /\bbearer\s+[\w.~+/-]{16,}/i },
];
const PRIVATE_FIELDS = new Set(['prompt', 'negativePrompt', 'authorization', 'apiKey', 'secret']);

function privateFieldOf(value: unknown, path: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const at = `${path}${path === '' ? '' : '.'}${name}`;
    if (PRIVATE_FIELDS.has(name)) return at;
    const found = privateFieldOf(inner, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A log line of any process of Afterimage. A line about a job names its tenant, its attempt and its trace too; the logger
 * leaves out what is null, as the trace of a job that has none. No line holds a prompt, a key or a signed URL.
 */
export const logLineSchema = z
  .looseObject({
    level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
    timestamp: z.iso.datetime({ offset: true }),
    service: z.string().min(1),
    message: z.string().min(1),
    jobId: z.string().startsWith('job_').optional(),
    attempt: z.int().min(1).nullable().optional(),
    tenantId: z.string().min(1).optional(),
    traceId: z
      .string()
      .regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/)
      .nullable()
      .optional(),
  })
  .check(({ value: line, issues }) => {
    const report = (message: string) => issues.push({ code: 'custom', message, input: line });
    if (line.jobId !== undefined) {
      if (line.tenantId === undefined) report('a line about a job must have tenantId');
    }
    const field = privateFieldOf(line, '');
    if (field !== undefined) report(`the field ${field} must not be logged`);
    const text = JSON.stringify(line);
    for (const { what, pattern } of SECRETS) if (pattern.test(text)) report(`the line holds ${what}`);
  });

export type LogLine = z.infer<typeof logLineSchema>;
