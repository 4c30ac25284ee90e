// The command behind `npx nx run model-fixture:write`.
import { parseArgs } from 'node:util';
import { writeModel } from './write-model.ts';

const USAGE = `model-fixture FOLDER [options]

  --family sd|sdxl           layout of the model (sd)
  --precision float|float16  of weights and activations (float)
  --seed N                   of the weights (1)
  --channels N               of the UNet's first level, a multiple of 4 (32)`;

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Error(`--${name} must be ${allowed.join(' or ')}, got "${value}"`);
  return found;
}

function wholeNumber(name: string, value: string, multipleOf = 1): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number > 0 && number % multipleOf === 0) return number;
  throw new Error(
    `--${name} must be a whole number above 0${multipleOf === 1 ? '' : `, a multiple of ${multipleOf}`}, got "${value}"`,
  );
}

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      family: { type: 'string', default: 'sd' },
      precision: { type: 'string', default: 'float' },
      seed: { type: 'string', default: '1' },
      channels: { type: 'string', default: '32' },
    },
  });
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new Error('one folder must be named');
  writeModel(folder, {
    family: oneOf('family', values.family, ['sd', 'sdxl']),
    precision: oneOf('precision', values.precision, ['float', 'float16']),
    seed: wholeNumber('seed', values.seed),
    channels: wholeNumber('channels', values.channels, 4),
  });
  console.log(folder);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
