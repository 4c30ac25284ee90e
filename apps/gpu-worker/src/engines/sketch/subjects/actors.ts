import type { SubjectKind } from '../prompt/subjects.ts';
import { rgb, type Rgb } from '../raster/color.ts';
import type { Brush } from '../scene/brush.ts';
import { paintFlyingBird, paintOwl, paintPenguin, paintSongbird } from './birds.ts';
import { paintCastle, paintChurch, paintHouse, paintPyramid } from './buildings.ts';
import { paintButterfly, paintFlower } from './flowers.ts';
import { paintApple, paintCitrus, paintCup, paintFruitBowl, paintPear } from './food.ts';
import { HOOFED_ANIMALS, paintHoofedAnimal } from './hoofed-animals.ts';
import { paintBridge, paintCampfire, paintLighthouse, paintTent, paintWindmill } from './landmarks.ts';
import { paintAstronaut, paintRobot, paintSnowman, paintWanderer } from './people.ts';
import { paintCactus, paintLeafTree, paintMushroom, paintPalm } from './plants.ts';
import { paintPlanet } from './planet.ts';
import { paintFish, paintWhale } from './sea-creatures.ts';
import { paintSittingAnimal, SITTING_ANIMALS } from './sitting-animals.ts';
import { paintBalloon, paintRocket } from './aircraft.ts';
import { paintCar, paintTrain } from './land-vehicles.ts';
import { paintSailboat, paintShip } from './watercraft.ts';

/** Where a subject stands: `near` towards the viewer, `far` in the middle distance. */
export type Zone = 'near' | 'far' | 'water' | 'sky' | 'perch' | 'table';

export interface Actor {
  readonly zone: Zone;
  /** Length of one of its own units when it is alone in a picture whose shorter side is 1. */
  readonly size: number;
  /** Half its width, in its own units. */
  readonly reach: number;
  paint(brush: Brush, color: Rgb | undefined): void;
}

function actor(zone: Zone, size: number, reach: number, paint: Actor['paint']): Actor {
  return { zone, size, reach, paint };
}

const sitting = (name: keyof typeof SITTING_ANIMALS, size: number): Actor =>
  actor('near', size, 0.4, (brush, color) => paintSittingAnimal(brush, SITTING_ANIMALS[name], color));
const hoofed = (name: keyof typeof HOOFED_ANIMALS): Actor =>
  actor('near', 0.52, 0.55, (brush, color) => paintHoofedAnimal(brush, HOOFED_ANIMALS[name], color));
const flower = (kind: 'flower' | 'rose' | 'tulip' | 'sunflower'): Actor =>
  actor('near', 0.8, 0.28, (brush, color) => paintFlower(brush, kind, color));

/** What is a thing of its own rather than a part of the land or of the sky. */
export const ACTORS: Partial<Record<SubjectKind, Actor>> = {
  cat: sitting('cat', 0.62),
  dog: sitting('dog', 0.62),
  fox: sitting('fox', 0.6),
  wolf: sitting('wolf', 0.62),
  bear: sitting('bear', 0.64),
  rabbit: sitting('rabbit', 0.52),
  horse: hoofed('horse'),
  unicorn: hoofed('unicorn'),
  deer: hoofed('deer'),
  bird: actor('perch', 0.46, 0.5, paintSongbird),
  owl: actor('perch', 0.56, 0.4, paintOwl),
  penguin: actor('near', 0.5, 0.34, paintPenguin),
  seagull: actor('sky', 0.1, 0.5, paintFlyingBird),
  butterfly: actor('sky', 0.5, 0.5, paintButterfly),
  fish: actor('water', 0.5, 0.5, paintFish),
  whale: actor('water', 0.66, 0.6, paintWhale),
  person: actor('near', 0.44, 0.2, paintWanderer),
  astronaut: actor('near', 0.6, 0.3, paintAstronaut),
  robot: actor('near', 0.66, 0.32, paintRobot),
  snowman: actor('near', 0.58, 0.4, paintSnowman),
  house: actor('far', 0.34, 0.8, paintHouse),
  village: actor('far', 0.3, 0.8, paintHouse),
  castle: actor('far', 0.5, 0.55, paintCastle),
  church: actor('far', 0.42, 0.45, paintChurch),
  lighthouse: actor('far', 0.66, 0.4, paintLighthouse),
  windmill: actor('far', 0.5, 0.5, paintWindmill),
  bridge: actor('far', 0.42, 1.2, paintBridge),
  pyramid: actor('far', 0.4, 0.85, paintPyramid),
  tent: actor('near', 0.24, 0.9, paintTent),
  campfire: actor('near', 0.16, 0.45, paintCampfire),
  boat: actor('water', 0.42, 0.45, paintSailboat),
  ship: actor('water', 0.52, 0.6, paintShip),
  car: actor('near', 0.24, 1.15, paintCar),
  train: actor('near', 0.25, 2, paintTrain),
  rocket: actor('sky', 0.5, 0.3, paintRocket),
  balloon: actor('sky', 0.5, 0.4, paintBalloon),
  planet: actor('sky', 0.44, 0.6, paintPlanet),
  flower: flower('flower'),
  rose: flower('rose'),
  tulip: flower('tulip'),
  sunflower: flower('sunflower'),
  tree: actor('far', 0.62, 0.36, (brush, color) => paintLeafTree(brush, color ?? brush.air.foliage, true)),
  blossom: actor('far', 0.72, 0.36, (brush, color) => paintLeafTree(brush, color ?? rgb('f2a9c2'), true)),
  palm: actor('far', 0.6, 0.4, paintPalm),
  mushroom: actor('near', 0.4, 0.45, paintMushroom),
  cactus: actor('near', 0.42, 0.36, paintCactus),
  apple: actor('table', 0.44, 0.5, paintApple),
  pear: actor('table', 0.46, 0.38, paintPear),
  citrus: actor('table', 0.4, 0.5, paintCitrus),
  fruit: actor('table', 0.5, 0.75, paintFruitBowl),
  cup: actor('table', 0.36, 0.8, paintCup),
};
