import { parsePrompt } from '../prompt/parse-prompt.ts';
import type { SubjectKind } from '../prompt/subjects.ts';
import { addFilter, type Layers } from '../raster/layer.ts';
import { createRng } from '../rng.ts';
import { addStyles } from '../styles/add-styles.ts';
import { addGrade } from '../styles/grade.ts';
import { defocus } from '../styles/tones.ts';
import { ACTORS } from '../subjects/actors.ts';
import { paintPortrait } from '../subjects/portrait.ts';
import { createAtmosphere } from './atmosphere.ts';
import { paintCast } from './cast.ts';
import { paintBackdrop, paintMoonGround, paintSpace, paintTable, paintUnderwater } from './interiors.ts';
import { paintOutdoors } from './outdoors.ts';
import { type Plan, planScene } from './settings.ts';
import { createStage, type Stage } from './stage.ts';
import { paintWeather } from './weather.ts';
import { paintForegroundGrass } from './woods.ts';

export interface SceneRequest {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly guidance: number;
}

/** Decides the whole picture. The layers do not depend on the number of pixels, only on the shape of the picture. */
export function composeScene(request: SceneRequest): Layers {
  const reading = parsePrompt(request.prompt, request.negativePrompt);
  const rng = createRng('afterimage', request.prompt.trim(), request.seed);
  const plan = planScene(reading, request.prompt, rng);
  const shorter = Math.min(request.width, request.height);
  const [width, height] = [request.width / shorter, request.height / shorter];
  const layers: Layers = { width, height, list: [] };
  const air = createAtmosphere(reading, rng);
  const stage = createStage(
    { layers, width, height, horizon: height * horizonOf(plan, rng.fork('horizon').next()), air, reading, rng },
    plan.kinds,
  );
  paintScene(stage, plan);
  addStyles(stage);
  addGrade(stage, request.guidance);
  return layers;
}

function horizonOf(plan: Plan, draw: number): number {
  if (plan.type === 'table') return 0.62 + draw * 0.06;
  if (plan.kinds.has('sea') || plan.kinds.has('lake')) return 0.52 + draw * 0.1;
  if (plan.kinds.has('desert')) return 0.5 + draw * 0.08;
  return 0.56 + draw * 0.1;
}

/** One small thing seen from near: the land behind it is out of focus. */
function isCloseUp({ mentions }: Plan): boolean {
  const things = mentions.filter(({ kind }) => ACTORS[kind] !== undefined);
  const [first] = things;
  return things.length === 1 && first !== undefined && first.count === 1 && SMALL.has(first.kind);
}

const SMALL: ReadonlySet<SubjectKind> = new Set([
  'bird',
  'owl',
  'butterfly',
  'flower',
  'rose',
  'tulip',
  'sunflower',
  'mushroom',
]);

function paintScene(stage: Stage, plan: Plan): void {
  const { layers, air } = stage;
  switch (plan.type) {
    case 'table':
      paintTable(stage);
      break;
    case 'portrait': {
      paintBackdrop(stage);
      if (!plan.mentions.some(({ kind }) => ACTORS[kind] !== undefined && kind !== 'person')) {
        const { width, height } = stage;
        const color = plan.mentions.find((mention) => mention.color !== undefined)?.color;
        const brush = stage.brush('portrait', { x: width / 2, y: height, size: Math.min(0.9 * height, 0.95) });
        paintPortrait(brush, color ?? stage.reading.colors[0], stage.reading.words);
        return;
      }
      break;
    }
    case 'space':
      paintSpace(stage);
      if (stage.has('astronaut', 'robot', 'cat', 'dog', 'person', 'horse', 'house', 'castle', 'car'))
        paintMoonGround(stage);
      break;
    case 'underwater':
      paintUnderwater(stage);
      break;
    default:
      paintOutdoors(stage);
      if (isCloseUp(plan) && !air.isFlat) addFilter(layers, defocus);
  }
  paintCast(stage, plan);
  if (plan.type !== 'outdoors') return;
  if (!stage.has('sea', 'lake', 'desert', 'city', 'road', 'river')) paintForegroundGrass(stage);
  paintWeather(stage);
}
