// node stack-process.ts DIRECTORY APPS: a local stack in a process of its own, for tests that kill it. Prints one line
// of JSON once it runs.
import { startLocalStack } from '../src/index.ts';

const [, , directory, appsDirectory] = process.argv;
if (directory === undefined || appsDirectory === undefined) throw new Error('usage: stack-process.ts DIRECTORY APPS');
const stack = await startLocalStack({ directory, appsDirectory, port: 0 });
process.once('SIGTERM', () => void stack.stop().then(() => process.exit(0)));
console.log(JSON.stringify({ apiUrl: stack.apiUrl, pids: stack.pids }));
