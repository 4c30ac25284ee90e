import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeModel } from '@afterimage/model-fixture';
import { describeMachine } from './machine.ts';
import { type OnnxRun, runOnnx } from './onnx-run.ts';

const { values } = parseArgs({
  options: {
    'model-dir': { type: 'string' },
    channels: { type: 'string', default: '192' },
    size: { type: 'string', default: '512' },
    steps: { type: 'string', default: '10' },
    pictures: { type: 'string', default: '2' },
  },
});

const THREADS = [1, 2];

function describe(
  threads: number,
  { msPerStep, msPerPicture, shareOutsideSessions, loadMs, peakRssMb }: OnnxRun,
): string {
  return (
    `${threads} thread${threads === 1 ? '' : 's'}: ${msPerStep.toFixed(1)} ms a step, ${(msPerPicture / 1000).toFixed(2)} s a picture, ` +
    `${(shareOutsideSessions * 100).toFixed(2)} % outside the sessions, model loaded in ${(loadMs / 1000).toFixed(2)} s, at most ${peakRssMb} MB`
  );
}

console.error(describeMachine());
const folder = mkdtempSync(join(tmpdir(), 'bench-onnx-'));
try {
  const directory = values['model-dir'] === undefined ? folder : resolve(values['model-dir']);
  if (directory === folder) writeModel(folder, { channels: Number(values.channels) });
  const settings = {
    directory,
    side: Number(values.size),
    steps: Number(values.steps),
    pictures: Number(values.pictures),
  };
  const runs: OnnxRun[] = [];
  for (const threads of THREADS) {
    const run = await runOnnx({ ...settings, threads });
    console.error(describe(threads, run));
    runs.push(run);
  }
  const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
  const [one, two] = runs;
  if (one === undefined || two === undefined) throw new Error('a run is missing');
  console.log(
    JSON.stringify({
      bench: 'onnx',
      steps: settings.steps,
      size: settings.side,
      shareOutsideSessions: rounded(Math.max(...runs.map((run) => run.shareOutsideSessions)), 4),
      msPerStep: rounded(two.msPerStep, 1),
      msPerStep1Thread: rounded(one.msPerStep, 1),
      msPerPicture: rounded(two.msPerPicture, 0),
      msPerPicture1Thread: rounded(one.msPerPicture, 0),
      peakRssMb: Math.max(...runs.map((run) => run.peakRssMb)),
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
