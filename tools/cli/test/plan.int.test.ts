import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aFolder, lines, run } from './run.ts';

const PLAN = ['plan', '--images-per-month', '2000', '--seconds-per-image', '1.5', '--pool', 'sdxl'];

describe('afterimage plan', () => {
  test('is a table within the width of the terminal, without colours where they are not wanted', async () => {
    const { exitCode, stdout } = await run([...PLAN, '--compare', 'guidance'], {
      isTerminal: true,
      env: { NO_COLOR: '1' },
    });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^SERVICE +WHAT +QUANTITY +UNIT +USD A MONTH\n/);
    expect(stdout).toMatch(/\nqueue wait +p50 .*, p95 .*, p99 /);
    expect(stdout).toMatch(/\ntogether +189\.98 /);
    expect(stdout).not.toContain('\u001B[');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test('is JSON for programs, the same each time, and CSV where that is asked for', async () => {
    const first = await run([...PLAN, '--seed', '7']);
    const again = await run([...PLAN, '--seed', '7']);
    const csv = await run([...PLAN, '--csv']);

    expect(lines(first)).toEqual([expect.objectContaining({ images: 2000, usd: expect.anything() })]);
    expect(again.stdout).toBe(first.stdout);
    expect(csv.stdout.split('\n')[0]).toBe('group,service,what,fixed,quantity,unit,unitUsd,usd');
  });

  test('tries settings', async () => {
    const { stdout } = await run([...PLAN, '--sweep', 'jobsPerPod=1,8', 'idleSeconds=60', '--csv']);

    expect(stdout.split('\n').slice(0, -1)).toHaveLength(3);
    expect(stdout).toMatch(/^jobsPerPod,idleSeconds,usdPerMonth,/);
  });

  test('takes jobs from a file, and names its wrong lines', async () => {
    const cwd = await aFolder();
    await writeFile(join(cwd, 'good.csv'), 'timestamp,count\n2026-01-05T00:00:00Z,10\n2026-01-06T00:00:00Z,20\n');
    await writeFile(join(cwd, 'bad.csv'), 'timestamp,count\n2026-01-05,10\n');
    const args = (file: string) => ['plan', '--arrivals', file, '--seconds-per-image', '4', '--pool', 'sdxl'];

    const good = await run(args('good.csv'), { cwd });
    const bad = await run(args('bad.csv'), { cwd });

    // 30 jobs in two days, 15 times, and once more for the ten hours that are left of 730.
    expect(lines(good)[0]).toMatchObject({ images: 455 });
    expect(bad).toMatchObject({ exitCode: 2, stdout: '' });
    expect(bad.stderr).toContain('error: bad.csv has 1 wrong lines\n  line 2: "2026-01-05" is no time');
  });

  test.each([
    [['--set', 'imageKb=-1'], 'error: imageKb is -1, must be from 0 to 1000000\n'],
    [['--pool-set', 'replicas.max=99'], 'replicas.max: must be at most the room for pods'],
    [['--arrivals', 'none.csv'], 'error: cannot read none.csv (ENOENT)\n'],
    [['--machine', 'p5.48xlarge'], 'has no price of the machine "p5.48xlarge" in us-east-1'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await run([...PLAN, ...args], { cwd: await aFolder() });

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('warns of old prices', async () => {
    const { exitCode, stderr } = await run([...PLAN, '--max-price-age-days', '30']);

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^warning: \d+ prices are of 2025-01-01, 366 days ago \(more than 30\): ebsGp3GbMonth/);
  });
});
