const MINUTES = 'YYYY-MM-DDTHH:mm'.length;

/** A time of the address as a field of the form has it: in the operator's own zone, to the minute. */
export function toLocalTime(iso: string | undefined): string {
  if (iso === undefined) return '';
  const at = new Date(iso);
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, MINUTES);
}

/** The other way round; undefined for what is no time. */
export function fromLocalTime(text: string): string | undefined {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
