/** Prints repository and tag of an app's image: `node src/commands/print-image.ts <stage> <app>`. The deploy workflow pushes it so. */
import { CONTAINER_APPS, imageTag, repositoryName, type ContainerApp } from '../constructs/images.ts';
import { readStage } from '../stages.ts';

const [stage = '', app = ''] = process.argv.slice(2);
const isContainerApp = (name: string): name is ContainerApp => CONTAINER_APPS.some((each) => each === name);
if (stage === '' || !isContainerApp(app)) {
  process.stderr.write(`usage: node src/commands/print-image.ts <stage> <${CONTAINER_APPS.join(' | ')}>\n`);
  process.exit(2);
}
const context = readStage(stage);
process.stdout.write(`${repositoryName(context, app)}:${imageTag(context.dist, app)}\n`);
