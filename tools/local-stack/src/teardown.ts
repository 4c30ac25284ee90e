/** What has been started and must be ended, the last first. */
export interface Teardown {
  add(end: () => Promise<void>): void;
  /** Ends everything, also when some of it fails. @throws AggregateError of what failed */
  run(): Promise<void>;
}

export function makeTeardown(): Teardown {
  const ends: (() => Promise<void>)[] = [];
  return {
    add: (end) => void ends.push(end),
    run: async () => {
      const errors: unknown[] = [];
      for (const end of ends.splice(0).reverse()) await end().catch((error: unknown) => errors.push(error));
      if (errors.length > 0) throw new AggregateError(errors, 'not everything could be stopped');
    },
  };
}
