import type { Random } from '../simulation/random.ts';

/** When jobs come. */
export const PROFILES = ['steady', 'office', 'burst'] as const;
export type Profile = (typeof PROFILES)[number];

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What each profile is, for people. */
export const PROFILE_TEXT: Readonly<Record<Profile, string>> = {
  steady: 'by chance, at the same rate at every hour',
  office: 'nine of ten jobs from Monday to Friday between 9 and 17 h, the rest by chance',
  burst: 'four of five jobs within four bursts of 10 minutes a day, the rest by chance',
};

const OFFICE_SHARE = 0.9;
const BURST_SHARE = 0.8;
const BURSTS_A_DAY = 4;
const BURST_SECONDS = 600;

/** Windows of the period in which a share of the jobs comes; the rest comes at any time. */
function windowsOf(profile: Profile, periodSeconds: number): { share: number; windows: [number, number][] } {
  const days = Array.from({ length: Math.ceil(periodSeconds / DAY) }, (_, day) => day);
  if (profile === 'steady') return { share: 0, windows: [] };
  if (profile === 'office') {
    const workdays = days.filter((day) => day % 7 < 5);
    return { share: OFFICE_SHARE, windows: workdays.map((day) => [day * DAY + 9 * HOUR, day * DAY + 17 * HOUR]) };
  }
  const starts = days.flatMap((day) =>
    Array.from({ length: BURSTS_A_DAY }, (_, burst) => day * DAY + (8 + burst * 3) * HOUR),
  );
  return { share: BURST_SHARE, windows: starts.map((start) => [start, start + BURST_SECONDS]) };
}

/**
 * Times of `jobs` jobs within the period, in seconds and in order: a Poisson process of the profile's rate, of which the
 * number is given. The period begins on a Monday at midnight.
 */
export function arrivalsOf(profile: Profile, jobs: number, periodSeconds: number, random: Random): Float64Array {
  const { share, windows } = windowsOf(profile, periodSeconds);
  const within = windows.filter(([, end]) => end <= periodSeconds);
  const times = new Float64Array(jobs);
  for (let job = 0; job < jobs; job += 1) {
    const isWithin = within.length > 0 && random.uniform() < share;
    const [start, end] = (isWithin ? within[Math.floor(random.uniform() * within.length)] : undefined) ?? [
      0,
      periodSeconds,
    ];
    times[job] = start + random.uniform() * (end - start);
  }
  return times.sort();
}
