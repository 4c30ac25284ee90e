// node src/gameday/main.ts: plays every incident, and reports; the last line is JSON.
import { startGameStack } from './game-stack.ts';
import { INCIDENTS } from './incidents.ts';
import { type Played, playIncident } from './play-incident.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

function report(played: Played): void {
  const { title, alarm, severity, value, above, secondsToAlarm, secondsToHeal, jobs, runbook } = played;
  print(`✔ ${title}`);
  print(
    `    alarm   ${alarm} (${severity}): ${Math.round(value * 100) / 100}, above ${above}, after ${secondsToAlarm} s`,
  );
  print(`    healed  after ${secondsToHeal} s; ${jobs} of ${jobs} jobs ended once, with images; the queues are empty`);
  print(`    runbook ${runbook}`);
}

print(`Game day: ${INCIDENTS.length} incidents, on the built apps and the deployment's own alarms.`);
const game = await startGameStack();
const played: Played[] = [];
const failures: { readonly title: string; readonly error: string }[] = [];
try {
  for (const incident of INCIDENTS) {
    try {
      const each = await playIncident(game, incident);
      played.push(each);
      report(each);
    } catch (error) {
      failures.push({ title: incident.title, error: error instanceof Error ? error.message : String(error) });
      print(`✖ ${failures.at(-1)?.error}`);
      await incident.end(game);
    }
  }
} finally {
  await game.stop();
}
print(JSON.stringify({ played, failures }));
process.exitCode = failures.length === 0 ? 0 : 1;
