/** A closed outline as flat coordinates: x0, y0, x1, y1 … */
type Ring = readonly number[];
/** Outlines filled together; one that runs the other way cuts a hole. */
export type Path = readonly Ring[];
export type Point = readonly [x: number, y: number];

const TAU = Math.PI * 2;

/** Points one by one, or written as `x,y x,y …`, as in SVG. */
type Points = readonly Point[] | string;

function parsed(points: Points): readonly Point[] {
  if (typeof points !== 'string') return points;
  return points.split(' ').map((pair): Point => {
    const comma = pair.indexOf(',');
    return [Number(pair.slice(0, comma)), Number(pair.slice(comma + 1))];
  });
}

export function polygon(points: Points): Path {
  return [parsed(points).flat()];
}

export function rectangle(x: number, y: number, width: number, height: number): Path {
  return [[x, y, x + width, y, x + width, y + height, x, y + height]];
}

export function ellipse(cx: number, cy: number, rx: number, ry = rx, turn = 0): Path {
  const sides = 56;
  const ring: number[] = [];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  for (let side = 0; side < sides; side += 1) {
    const angle = (side / sides) * TAU;
    const [x, y] = [Math.cos(angle) * rx, Math.sin(angle) * ry];
    ring.push(cx + x * cos - y * sin, cy + x * sin + y * cos);
  }
  return [ring];
}

/** Points along a Catmull-Rom spline through `points`. */
function spline(points: readonly Point[], isClosed: boolean, pieces = 8): Point[] {
  const count = points.length;
  const at = (index: number): Point => {
    const wrapped = isClosed ? (index + count) % count : Math.min(count - 1, Math.max(0, index));
    return points[wrapped] ?? [0, 0];
  };
  const curve: Point[] = [];
  const segments = isClosed ? count : count - 1;
  for (let segment = 0; segment < segments; segment += 1) {
    const [p0, p1, p2, p3] = [at(segment - 1), at(segment), at(segment + 1), at(segment + 2)];
    for (let piece = 0; piece < pieces; piece += 1) {
      const t = piece / pieces;
      const along = (axis: 0 | 1): number =>
        0.5 *
        (2 * p1[axis] +
          (p2[axis] - p0[axis]) * t +
          (2 * p0[axis] - 5 * p1[axis] + 4 * p2[axis] - p3[axis]) * t * t +
          (3 * p1[axis] - p0[axis] - 3 * p2[axis] + p3[axis]) * t * t * t);
      curve.push([along(0), along(1)]);
    }
  }
  if (!isClosed) curve.push(at(count - 1));
  return curve;
}

/** A closed, rounded outline through the points. */
export function blob(points: Points, pieces = 8): Path {
  return [spline(parsed(points), true, pieces).flat()];
}

/** A ribbon along a smooth line; `widths` are full widths, spread evenly from its start to its end. */
export function stroke(points: Points, widths: readonly number[], pieces = 8): Path {
  const line = spline(parsed(points), false, pieces);
  const left: number[] = [];
  const right: number[] = [];
  const last = line.length - 1;
  line.forEach(([x, y], index) => {
    const [ax, ay] = line[Math.max(0, index - 1)] ?? [x, y];
    const [bx, by] = line[Math.min(last, index + 1)] ?? [x, y];
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const place = (index / last) * (widths.length - 1);
    const [from, to] = [widths[Math.floor(place)] ?? 0, widths[Math.ceil(place)] ?? 0];
    const half = (from + (to - from) * (place % 1)) / 2;
    const [nx, ny] = [(-(by - ay) / length) * half, ((bx - ax) / length) * half];
    left.push(x + nx, y + ny);
    right.unshift(x - nx, y - ny);
  });
  return [[...left, ...right]];
}

/** A limb: two circles of different radius and the skin between them. */
export function limb(x1: number, y1: number, r1: number, x2: number, y2: number, r2: number): Path {
  const along = Math.atan2(y2 - y1, x2 - x1);
  const lean = Math.acos(Math.max(-1, Math.min(1, (r1 - r2) / (Math.hypot(x2 - x1, y2 - y1) || 1))));
  const ring: number[] = [];
  const arc = (cx: number, cy: number, r: number, from: number, to: number): void => {
    for (let step = 0; step <= 12; step += 1) {
      const angle = from + ((to - from) * step) / 12;
      ring.push(cx + Math.cos(angle) * r, cy + Math.sin(angle) * r);
    }
  };
  arc(x2, y2, r2, along - lean, along + lean);
  arc(x1, y1, r1, along + lean, along + TAU - lean);
  return [ring];
}

export function roundedRectangle(x: number, y: number, width: number, height: number, radius: number): Path {
  const ring: number[] = [];
  const corners: readonly (readonly [number, number, number])[] = [
    [x + width - radius, y + radius, -0.25],
    [x + width - radius, y + height - radius, 0],
    [x + radius, y + height - radius, 0.25],
    [x + radius, y + radius, 0.5],
  ];
  for (const [cx, cy, turn] of corners) {
    for (let step = 0; step <= 8; step += 1) {
      const angle = (turn + step / 32) * TAU;
      ring.push(cx + Math.cos(angle) * radius, cy + Math.sin(angle) * radius);
    }
  }
  return [ring];
}

export function joined(...paths: readonly Path[]): Path {
  return paths.flat();
}

/** Every point (x, y) becomes (x · sx + dx, y · sy + dy). A mirrored path keeps filling, only its direction turns. */
export function transform(path: Path, sx: number, sy: number, dx: number, dy: number): Path {
  return path.map((ring) => ring.map((value, index) => (index % 2 === 0 ? value * sx + dx : value * sy + dy)));
}

/** The left or the right one of a pair: drawn for the right (`side` 1), mirrored for the left (-1). */
export function mirrored(side: number, path: Path): Path {
  return transform(path, side, 1, 0, 0);
}

/** Turns a path about a point, in radians, clockwise on the screen. */
export function turned(path: Path, angle: number, cx: number, cy: number): Path {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return path.map((ring) => {
    const result: number[] = [];
    for (let index = 0; index + 1 < ring.length; index += 2) {
      const [x, y] = [(ring[index] ?? 0) - cx, (ring[index + 1] ?? 0) - cy];
      result.push(cx + x * cos - y * sin, cy + x * sin + y * cos);
    }
    return result;
  });
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function bounds(path: Path): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of path) {
    for (let index = 0; index + 1 < ring.length; index += 2) {
      const [x, y] = [ring[index] ?? 0, ring[index + 1] ?? 0];
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return { left, top, right, bottom };
}
