import { styleText } from 'node:util';
import { fail, type Finding, messageOf, ok } from '../doctor/check.ts';
import { checkKey } from '../doctor/key-checks.ts';
import { checkChromium, checkConfig, checkLocalStack, checkNode } from '../doctor/machine-checks.ts';
import { checkDns, checkHealth, checkTls } from '../doctor/network-checks.ts';
import { toCliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findLocalFile, type LocalFile } from '../local-file.ts';
import type { Shell } from '../session.ts';
import { findSettings, type Settings } from '../settings.ts';

const COLORS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

async function checkApi({ dependencies, connect }: Shell, settings: Settings): Promise<Finding[]> {
  const { clock, fetch, interrupted } = dependencies;
  const apiUrl = new URL(settings.apiUrl);
  const dns = await checkDns(apiUrl);
  if (dns.status === 'fail') return [dns];
  const tls = await checkTls(apiUrl, clock.nowMs());
  if (tls.status === 'fail') return [dns, tls];
  const health = await checkHealth({ apiUrl, fetch, nowMs: clock.nowMs });
  if (health.some(({ check, status }) => check === 'api' && status === 'fail')) return [dns, tls, ...health];
  return [dns, tls, ...health, ...(await checkKey(connect(settings, { maxRetries: 0 }), interrupted))];
}

async function checkAccess(shell: Shell): Promise<Finding[]> {
  const { flags, dependencies } = shell;
  let settings: Settings;
  try {
    settings = await findSettings({ flags, ...dependencies });
  } catch (error) {
    const known = toCliError(error);
    if (known === undefined) throw error;
    return [fail('settings', known.message, known.lines.join(' ') || 'run "afterimage login"')];
  }
  return [
    ok('settings', `${settings.apiUrl}, with the key of ${settings.source}`),
    ...(await checkApi(shell, settings)),
  ];
}

async function checkStack({ dependencies: { cwd, fetch } }: Shell): Promise<Finding[]> {
  let local: LocalFile | undefined;
  try {
    local = await findLocalFile(cwd);
  } catch (error) {
    return [fail('local stack', messageOf(error), 'start it with "npm start"')];
  }
  return checkLocalStack(local, fetch);
}

function formatFinding({ check, status, detail, fix }: Finding, hasColor: boolean): string {
  const mark = status.padEnd(4);
  const painted = hasColor ? styleText(COLORS[status], mark, { validateStream: false }) : mark;
  const line = `${painted}  ${check.padEnd(11)}  ${detail}\n`;
  return fix === undefined ? line : `${line}${' '.repeat(19)}${fix}\n`;
}

/** `afterimage doctor`: what stands between this machine and images. @returns 1 when a check has failed */
export async function doctor(shell: Shell): Promise<ExitCode> {
  const { dependencies, isJson, hasColor } = shell;
  const { stdout, env, configFile, nodeVersion, platform } = dependencies;
  let worst: ExitCode = EXIT.ok;
  const checks: readonly (() => Promise<Finding[]>)[] = [
    async () => [checkNode(nodeVersion), await checkConfig(configFile, platform)],
    () => checkAccess(shell),
    () => checkStack(shell),
    async () => [checkChromium(env.CHROMIUM_PATH)],
  ];
  for (const check of checks) {
    for (const finding of await check()) {
      if (finding.status === 'fail') worst = EXIT.failed;
      const { check: name, status, detail, fix = null } = finding;
      const line = { event: 'check', check: name, status, detail, fix };
      stdout.write(isJson ? `${JSON.stringify(line)}\n` : formatFinding(finding, hasColor));
    }
  }
  return worst;
}
