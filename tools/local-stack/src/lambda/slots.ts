/** A limit on what runs at a time; whoever comes later waits in line. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function makeSlots(limit: number): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;

  async function take(): Promise<void> {
    if (taken < limit) {
      taken += 1;
      return;
    }
    // The one who leaves hands its slot over, so `taken` stays.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  }

  return {
    run: async (work) => {
      await take();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
