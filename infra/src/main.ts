import { App } from 'aws-cdk-lib';
import type { StageContext } from './stage-context.ts';
import { addStacks, readStage } from './stages.ts';

/** The stage that `--context stage=<name>` names. Ends the process when a file of it is wrong: its message says where. */
function stageOf(app: App): StageContext {
  try {
    return readStage(String(app.node.tryGetContext('stage') ?? 'dev'));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

const app = new App();
addStacks(app, stageOf(app));
