const nothing = (): void => undefined;

/** A log that writes nothing. */
export const silentLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };
