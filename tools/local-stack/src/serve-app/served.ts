/** One app that runs by itself. */
export interface Served {
  /** What it does and where, for the terminal. */
  readonly description: string;
  stop(): Promise<void>;
}
