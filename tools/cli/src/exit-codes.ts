/** Exit codes of the command; README.md documents them, scripts rely on them. */
export const EXIT = {
  ok: 0,
  /** The job failed, was canceled or expired, or a picture of it could not be saved. */
  failed: 1,
  /** The command line is wrong, or the API refused the request for what it asks. */
  usage: 2,
  /** The API cannot be reached, is overloaded, or does not accept the key. */
  unreachable: 3,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
