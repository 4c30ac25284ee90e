import { App } from 'aws-cdk-lib';
import { addStacks, readStage } from './stages.ts';

const app = new App();
const stage: unknown = app.node.tryGetContext('stage') ?? 'dev';
if (typeof stage !== 'string') throw new Error(`the context value "stage" must be a name: ${JSON.stringify(stage)}`);
addStacks(app, readStage(stage));
