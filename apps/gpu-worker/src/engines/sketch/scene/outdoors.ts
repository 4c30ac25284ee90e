import { mix, rgb } from '../raster/color.ts';
import { addGlow } from './brush.ts';
import { paintDunes, paintHills, paintMountains, paintPlain } from './land.ts';
import { paintBank, paintBeach } from './beach.ts';
import { paintIsland, paintVolcano, paintWaterfall } from './landforms.ts';
import { paintRiver, paintRoad } from './ways.ts';
import { paintSky } from './sky.ts';
import { ACTORS } from '../subjects/actors.ts';
import { type Stage, standsAshore } from './stage.ts';
import { paintCity } from './town.ts';
import { paintSwell } from './swell.ts';
import { paintWater } from './water.ts';
import { paintLightning } from './weather.ts';
import { paintForest, paintScatteredTrees } from './woods.ts';

/** Sky, far land, ground or water: everything that the subjects stand before or on. */
export function paintOutdoors(stage: Stage): void {
  const { reading, horizon, width, layers, air } = stage;
  paintSky(stage);
  if (reading.weather.has('storm')) paintLightning(stage);
  const colorOf = (kind: string) => reading.subjects.find((subject) => subject.kind === kind)?.color;
  const isSea = stage.has('sea', 'beach', 'island');
  const isLake = stage.has('lake');
  const isCity = stage.has('city');
  if (stage.has('mountain')) paintMountains(stage, true);
  else if (stage.has('volcano')) paintVolcano(stage);
  else if (!isSea && !isCity && stage.allows('mountain') && stage.rng.fork('distance').chance(0.65))
    paintMountains(stage, false);
  if (stage.has('waterfall')) paintWaterfall(stage);

  if (isSea || isLake) {
    if (stage.has('island')) paintIsland(stage);
    if (isCity) paintCity(stage, horizon + 0.004);
    if (isLake && stage.has('forest')) paintForest(stage, false);
    const roughness = reading.weather.has('storm') ? 1 : isLake || reading.moods.has('calm') ? 0.12 : 0.5;
    paintWater(stage, { roughness, color: colorOf('sea') ?? colorOf('lake') ?? reading.colors[1] });
    if (roughness === 1) paintSwell(stage);
    if (standsAshore(stage) || stage.has('beach', 'palm')) {
      if (isLake) paintBank(stage);
      else paintBeach(stage);
    }
  } else if (stage.has('desert')) paintDunes(stage, colorOf('desert') ?? rgb('e0ad68'));
  else if (isCity) {
    const isQuay =
      stage.has('road', 'car', 'field') || stage.reading.subjects.some(({ kind }) => ACTORS[kind]?.zone === 'near');
    paintCity(stage, horizon + 0.004);
    if (isQuay) paintPlain(stage, rgb('5c5f68'));
    else paintWater(stage, { roughness: 0.2, color: colorOf('river') });
  } else {
    const grass = colorOf('field') ?? colorOf('hill') ?? air.grass;
    const ground = stage.has('forest') ? mix(grass, rgb('4a5a30'), 0.5) : grass;
    paintHills(stage, ground, stage.has('hill', 'mountain', 'windmill') ? 0.13 : 0.07);
  }
  if (stage.has('river') && !isCity) paintRiver(stage);
  if (stage.has('road')) paintRoad(stage);
  if (stage.has('forest') && !isLake && !isSea) paintForest(stage, true);
  else if (!isSea && !isCity && !stage.has('desert') && !isLake && stage.allows('tree') && stage.allows('forest'))
    paintScatteredTrees(stage);
  if (air.time === 'sunset' || air.time === 'golden') {
    addGlow(layers, air.lightX * width, air.lightY * horizon, 0.9, air.light, 0.22);
  }
}
