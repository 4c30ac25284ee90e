import type { PromptReading } from '../prompt/parse-prompt.ts';
import type { TimeOfDay } from '../prompt/vocabulary.ts';
import { lerp, luma, mix, multiply, type Rgb, rgb, saturate, scale, tint } from '../raster/color.ts';
import type { Rng } from '../rng.ts';

/** Light and air of a picture: everything that is drawn takes its colours through this. */
export interface Atmosphere {
  readonly time: TimeOfDay;
  readonly isDark: boolean;
  /** Sky from the zenith down to the horizon. */
  readonly sky: readonly [Rgb, Rgb, Rgb, Rgb];
  /** What far things fade into. */
  readonly haze: Rgb;
  readonly hazeAmount: number;
  /** Colour of the direct light. */
  readonly light: Rgb;
  /** Sun or moon, as fractions of the width and of the height of the sky. */
  readonly lightX: number;
  readonly lightY: number;
  /** Unit vector from things towards the light, y down. */
  readonly toLight: readonly [number, number];
  /** What the colours of things are multiplied with. */
  readonly ambient: Rgb;
  readonly cloudCover: number;
  readonly cloudLit: Rgb;
  readonly cloudShade: Rgb;
  readonly starAmount: number;
  readonly isSnowy: boolean;
  readonly isFlat: boolean;
  readonly foliage: Rgb;
  readonly grass: Rgb;
}

interface Hour {
  readonly sky: readonly [string, string, string, string];
  readonly haze: string;
  readonly light: string;
  readonly ambient: Rgb;
  readonly lightY: readonly [number, number];
  readonly cloud: readonly [lit: string, shade: string];
  readonly stars: number;
}

const HOURS: Record<TimeOfDay, Hour> = {
  dawn: {
    sky: ['5877b5', '9ca6d2', 'f2bfba', 'ffdcb0'],
    haze: 'e9c8c4',
    light: 'ffd9a0',
    ambient: [0.92, 0.86, 0.9],
    lightY: [0.78, 0.9],
    cloud: ['ffdcc4', 'a38fb4'],
    stars: 0,
  },
  day: {
    sky: ['2e78c8', '63a8e2', 'a2d2f1', 'd9eef5'],
    haze: 'c3deee',
    light: 'fff4d6',
    ambient: [1, 1, 1],
    lightY: [0.16, 0.34],
    cloud: ['ffffff', 'a9bfd6'],
    stars: 0,
  },
  golden: {
    sky: ['4a82bb', '8fb3cd', 'f1d29c', 'ffcd7a'],
    haze: 'f0d3a4',
    light: 'ffd27a',
    ambient: [1, 0.92, 0.8],
    lightY: [0.6, 0.76],
    cloud: ['ffe7b8', 'b09a96'],
    stars: 0,
  },
  sunset: {
    sky: ['35397a', '964a86', 'ec7550', 'ffc468'],
    haze: 'd5866f',
    light: 'ffb25e',
    ambient: [0.8, 0.66, 0.68],
    lightY: [0.76, 0.9],
    cloud: ['ffb27a', '6b3f70'],
    stars: 0,
  },
  dusk: {
    sky: ['151c45', '393c7c', '855f90', 'dc9288'],
    haze: '6d6294',
    light: 'd8b4c8',
    ambient: [0.56, 0.52, 0.7],
    lightY: [0.25, 0.5],
    cloud: ['b98aa6', '3d3968'],
    stars: 0.45,
  },
  night: {
    sky: ['050a20', '0b1738', '1a2c5a', '35507f'],
    haze: '25386a',
    light: 'd5e0ff',
    ambient: [0.4, 0.46, 0.66],
    lightY: [0.16, 0.34],
    cloud: ['5d73a8', '14204a'],
    stars: 1,
  },
};

/** The time that is drawn where the prompt names none. */
function timeOf(reading: PromptReading, rng: Rng): TimeOfDay {
  const has = (kind: string): boolean => reading.subjects.some((subject) => subject.kind === kind);
  const candidates: [TimeOfDay, ...TimeOfDay[]] =
    has('moon') || has('stars') || has('aurora') || has('campfire') || reading.styles.has('neon')
      ? ['night', 'night', 'dusk']
      : reading.moods.has('dark')
        ? ['dusk', 'night']
        : reading.moods.has('dramatic')
          ? ['sunset', 'dusk', 'golden']
          : has('rainbow') || reading.moods.has('cheerful')
            ? ['day', 'day', 'golden']
            : ['day', 'day', 'golden', 'dawn', 'sunset'];
  const wanted = reading.time ?? rng.pick(candidates);
  if (!reading.banned.has(wanted)) return wanted;
  return (['day', 'golden', 'dusk'] as const).find((time) => !reading.banned.has(time)) ?? 'day';
}

export function createAtmosphere(reading: PromptReading, seeded: Rng): Atmosphere {
  const rng = seeded.fork('atmosphere');
  const time = timeOf(reading, rng);
  const hour = HOURS[time];
  const { weather, moods } = reading;
  const isGrey = weather.has('storm') || weather.has('rain') || weather.has('cloudy') || weather.has('fog');
  const greyness = weather.has('storm') ? 0.6 : isGrey ? 0.5 : weather.has('snow') ? 0.35 : 0;
  const darkness = (weather.has('storm') ? 0.62 : weather.has('rain') ? 0.84 : 1) * (moods.has('dark') ? 0.78 : 1);
  const airColor = reading.skyColor ?? reading.colors[0];
  const airTint = reading.skyColor === undefined ? 0.35 : 0.72;
  const vivid = moods.has('cheerful') ? 1.15 : moods.has('dark') ? 0.8 : moods.has('calm') ? 0.92 : 1;
  const grade = (color: Rgb): Rgb => {
    const tinted = airColor === undefined ? color : tint(color, airColor, airTint);
    const dream = moods.has('dreamy') ? mix(tinted, [0.86, 0.7, 0.95], 0.22) : tinted;
    const grey = luma(dream);
    return scale(mix(saturate(dream, vivid), [grey * 0.97, grey, grey * 1.05], greyness), darkness);
  };
  const grades = (hex: string): Rgb => grade(rgb(hex));
  const [lowLight, highLight] = hour.lightY;
  const lightX = rng.chance(0.5) ? rng.between(0.16, 0.4) : rng.between(0.6, 0.84);
  const elevation = time === 'day' || time === 'night' ? 0.85 : 0.5;
  const side = lightX < 0.5 ? -1 : 1;
  const norm = Math.hypot(0.75, elevation);
  const season = foliageOf(reading, rng);
  return {
    time,
    isDark: time === 'night' || time === 'dusk',
    sky: [grades(hour.sky[0]), grades(hour.sky[1]), grades(hour.sky[2]), grades(hour.sky[3])],
    haze: grades(hour.haze),
    hazeAmount: weather.has('fog') ? 1 : isGrey ? 0.85 : 0.72,
    light: isGrey ? mix(grades(hour.light), [0.8, 0.82, 0.86], 0.5) : rgb(hour.light),
    lightX,
    lightY: rng.between(lowLight, highLight),
    toLight: [(side * 0.75) / norm, -elevation / norm],
    ambient: multiply(hour.ambient, scale([1, 1, 1], lerp(1, darkness, 0.55))),
    cloudCover: cloudCoverOf(reading, rng),
    cloudLit: grades(hour.cloud[0]),
    cloudShade: scale(grades(hour.cloud[1]), weather.has('storm') ? 0.72 : 1),
    starAmount: isGrey || reading.banned.has('stars') ? 0 : hour.stars,
    isSnowy: weather.has('snow') || reading.subjects.some(({ kind }) => kind === 'snowman' || kind === 'penguin'),
    isFlat: reading.styles.has('minimalist'),
    ...season,
  };
}

function cloudCoverOf(reading: PromptReading, rng: Rng): number {
  const { weather, subjects, banned } = reading;
  if (banned.has('cloud') || banned.has('cloudy') || weather.has('clear')) return 0;
  if (weather.has('storm') || weather.has('rain')) return 0.92;
  if (weather.has('cloudy')) return 0.8;
  if (subjects.some(({ kind }) => kind === 'cloud')) return 0.68;
  if (reading.styles.has('minimalist')) return 0;
  if (reading.moods.has('dramatic')) return 0.62;
  return rng.chance(0.75) ? rng.between(0.3, 0.52) : 0.1;
}

function foliageOf(reading: PromptReading, rng: Rng): { foliage: Rgb; grass: Rgb } {
  if (reading.season === 'autumn')
    return { foliage: rgb(rng.pick(['c8641e', 'b9481f', 'd08a24'])), grass: rgb('a08a3e') };
  if (reading.season === 'spring') return { foliage: rgb(rng.pick(['e8a3bd', '8fc45a'])), grass: rgb('7fb84a') };
  return {
    foliage: rgb(rng.pick(['3f7a34', '4f8a35', '3a6f3f'])),
    grass: rgb(rng.pick(['6a9c3c', '7ba544', '5c9147'])),
  };
}
