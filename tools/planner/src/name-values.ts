import { PlanError } from './plan-error.ts';
import { isPoolSetting, POOL_SETTINGS, type PoolSetting } from './plan-request.ts';

/** Reads `name=number`. @throws PlanError that names the option and the text */
function nameAndNumber(option: string, text: string): readonly [string, number] {
  const [, name = '', value = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name !== '' && Number.isFinite(Number(value))) return [name, Number(value)];
  throw new PlanError(`${option} "${text}" must be name=number`);
}

/** Of `--set`. The names are checked with the values, where they are put to use. @throws PlanError */
export function parseOverrides(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(texts.map((text) => nameAndNumber('--set', text)));
}

/** Of `--pool-set`. @throws PlanError that names the setting and what there is */
export function parsePoolSettings(texts: readonly string[]): Partial<Record<PoolSetting, number>> {
  const settings: Partial<Record<PoolSetting, number>> = {};
  for (const text of texts) {
    const [name, value] = nameAndNumber('--pool-set', text);
    if (!isPoolSetting(name)) {
      throw new PlanError(`--pool-set "${text}": "${name}" is no setting; there are ${POOL_SETTINGS.join(', ')}`);
    }
    settings[name] = value;
  }
  return settings;
}
