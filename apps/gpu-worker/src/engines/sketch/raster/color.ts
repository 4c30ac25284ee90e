/** Red, green, blue, each 0 to 1, gamma-encoded as in sRGB. */
export type Rgb = readonly [number, number, number];

/** @param hex six digits, without `#` */
export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex, 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

export function clamp01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

export function lerp(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

export function smoothstep(low: number, high: number, value: number): number {
  const t = clamp01((value - low) / (high - low));
  return t * t * (3 - 2 * t);
}

export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [lerp(a[0], b[0], t), lerp(a[1], b[1], t), lerp(a[2], b[2], t)];
}

export function multiply(a: Rgb, b: Rgb): Rgb {
  return [a[0] * b[0], a[1] * b[1], a[2] * b[2]];
}

export function scale(color: Rgb, factor: number): Rgb {
  return [clamp01(color[0] * factor), clamp01(color[1] * factor), clamp01(color[2] * factor)];
}

/** Rec. 601 luma, 0 to 1. */
export function luma(color: Rgb): number {
  return color[0] * 0.299 + color[1] * 0.587 + color[2] * 0.114;
}

export function saturate(color: Rgb, amount: number): Rgb {
  const grey = luma(color);
  return [
    clamp01(lerp(grey, color[0], amount)),
    clamp01(lerp(grey, color[1], amount)),
    clamp01(lerp(grey, color[2], amount)),
  ];
}

/** Hue in degrees, saturation and lightness 0 to 1. */
export function toHsl([r, g, b]: Rgb): [hue: number, saturation: number, lightness: number] {
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const chroma = max - min;
  const lightness = (max + min) / 2;
  if (chroma < 1e-6) return [0, 0, lightness];
  const saturation = chroma / (1 - Math.abs(2 * lightness - 1) + 1e-9);
  const sector = max === r ? ((g - b) / chroma + 6) % 6 : max === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
  return [sector * 60, clamp01(saturation), lightness];
}

function fromHsl(hue: number, saturation: number, lightness: number): Rgb {
  const chroma = (1 - Math.abs(2 * lightness - 1)) * saturation;
  const channel = (offset: number): number => {
    const k = (offset + (((hue % 360) + 360) % 360) / 30) % 12;
    return lightness - (chroma / 2) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Takes the hue of `tone` and keeps the lightness of `color`; `amount` 0 to 1. */
export function tint(color: Rgb, tone: Rgb, amount: number): Rgb {
  const [hue, saturation, toneLightness] = toHsl(tone);
  const lightness = toHsl(color)[2];
  const target = fromHsl(hue, saturation, clamp01(lerp(lightness, toneLightness, 0.3)));
  return mix(color, target, amount);
}
