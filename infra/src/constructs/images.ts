import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, FileSystem, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, TagStatus, type IRepository } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { resourceName, type StageContext } from '../stage-context.ts';

/** The apps that run in containers. */
export const CONTAINER_APPS = ['gpu-worker', 'ecs-fargate-admin'] as const;
export type ContainerApp = (typeof CONTAINER_APPS)[number];

/**
 * Tag of an app's image: the fingerprint of the folder that it is built from, so that a stack changes when, and only when,
 * its image does. Source maps are no part of it, since they hold paths of the machine that built them.
 * @throws Error when the folder is not there
 */
export function imageTag(dist: string, app: ContainerApp): string {
  const folder = join(dist, 'packages', app);
  if (!existsSync(folder)) throw new Error(`${folder} is not there: build it with "npx nx package ${app}"`);
  return FileSystem.fingerprint(folder, { exclude: ['*.map'] }).slice(0, 32);
}

/** Name of an app's repository in the account's registry. */
export function repositoryName({ config }: Pick<StageContext, 'config'>, app: ContainerApp): string {
  return resourceName(config, app);
}

/** An app's image, as a node or a task pulls it: in the account's own registry, in the stage's region. */
export function imageUri(scope: Construct, context: StageContext, app: ContainerApp): string {
  const { account, region, urlSuffix } = Stack.of(scope);
  return `${account}.dkr.ecr.${region}.${urlSuffix}/${repositoryName(context, app)}:${imageTag(context.dist, app)}`;
}

/** The repositories of the apps' images: a tag stays what it is, and every image is scanned. */
export class Repositories extends Construct {
  readonly of: Readonly<Record<ContainerApp, IRepository>>;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    const repository = (app: ContainerApp) =>
      new Repository(this, app, {
        repositoryName: repositoryName(context, app),
        encryption: RepositoryEncryption.AES_256,
        imageTagMutability: TagMutability.IMMUTABLE,
        imageScanOnPush: true,
        // Images can be built again from the source at any time.
        removalPolicy: RemovalPolicy.DESTROY,
        emptyOnDelete: true,
        lifecycleRules: [
          {
            description: 'parts of images that were replaced',
            tagStatus: TagStatus.UNTAGGED,
            maxImageAge: Duration.days(7),
          },
          { description: 'the last images, for going back', maxImageCount: 50 },
        ],
      });
    this.of = { 'gpu-worker': repository('gpu-worker'), 'ecs-fargate-admin': repository('ecs-fargate-admin') };
  }
}
