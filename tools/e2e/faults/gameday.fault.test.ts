import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GameStack, startGameStack } from '../src/gameday/game-stack.ts';
import { INCIDENTS } from '../src/gameday/incidents.ts';
import { playIncident } from '../src/gameday/play-incident.ts';

let game: GameStack;

beforeAll(async () => {
  game = await startGameStack();
});
afterAll(() => game.stop());

describe('an incident rings its alarm, and heals with nothing lost', () => {
  it.each(INCIDENTS)('$title', async (incident) => {
    const { value, above, jobs, secondsToAlarm } = await playIncident(game, incident);

    expect(value).toBeGreaterThan(above);
    expect(jobs).toBeGreaterThan(2);
    expect(secondsToAlarm).toBeLessThan(60);
  });
});
