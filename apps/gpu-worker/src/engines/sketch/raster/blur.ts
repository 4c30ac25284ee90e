/**
 * Box blur along both axes, in place, twice: close to a Gaussian and independent of the radius in cost.
 *
 * @param plane one value a pixel, `stride` values a row
 * @param line scratch of at least `max(width, height)` values
 */
export function blurPlane(
  plane: Float32Array,
  width: number,
  height: number,
  stride: number,
  radius: number,
  line: Float32Array,
): void {
  if (radius < 1) return;
  for (let pass = 0; pass < 2; pass += 1) {
    for (let y = 0; y < height; y += 1) boxLine(plane, y * stride, 1, width, radius, line);
    for (let x = 0; x < width; x += 1) boxLine(plane, x, stride, height, radius, line);
  }
}

function boxLine(
  plane: Float32Array,
  start: number,
  step: number,
  length: number,
  radius: number,
  line: Float32Array,
): void {
  for (let index = 0, at = start; index < length; index += 1, at += step) line[index] = plane[at] ?? 0;
  const norm = 1 / (2 * radius + 1);
  let sum = 0;
  for (let index = 0; index < Math.min(radius, length); index += 1) sum += line[index] ?? 0;
  for (let index = 0, at = start; index < length; index += 1, at += step) {
    if (index + radius < length) sum += line[index + radius] ?? 0;
    if (index - radius - 1 >= 0) sum -= line[index - radius - 1] ?? 0;
    plane[at] = sum * norm;
  }
}
