import { Aws, Duration } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  type BucketProps,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PREVIEWS_PREFIX } from '@afterimage/job-core';
import { LIMITS } from '@afterimage/job-schemas';
import { dataRemoval, resourceName, type StageContext } from '../stage-context.ts';

const ABORT_UPLOADS: LifecycleRule = {
  id: 'abort-incomplete-uploads',
  abortIncompleteMultipartUploadAfter: Duration.days(1),
};
const ACCESS_LOG_DAYS = 90;

/** A day more than the longest retention that a client can ask for, since S3 counts from midnight. */
const OUTPUT_DAYS = LIMITS.retainSeconds.max / 86_400 + 1;

function expire(days: number): LifecycleRule {
  return { id: `expire-after-${days}-days`, expiration: Duration.days(days) };
}

/** Workers delete the previews of their jobs: this is for those of workers that were killed. */
const FORGET_PREVIEWS: LifecycleRule = {
  id: 'forget-previews',
  prefix: PREVIEWS_PREFIX,
  expiration: Duration.days(1),
};

/** The buckets: private, encrypted, TLS only, and with an end to whatever is put into them. */
export class Buckets extends Construct {
  readonly outputs: Bucket;
  readonly inputs: Bucket;
  readonly models: Bucket;
  /** Access logs of the other buckets and of load balancers. */
  readonly accessLogs: Bucket;
  readonly #context: StageContext;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    this.#context = context;
    this.accessLogs = this.#bucket('access-logs', { lifecycleRules: [expire(ACCESS_LOG_DAYS)] });
    const logged = (name: string, lifecycleRules: LifecycleRule[], props: BucketProps = {}) =>
      this.#bucket(name, {
        ...props,
        lifecycleRules: [ABORT_UPLOADS, ...lifecycleRules],
        serverAccessLogsBucket: this.accessLogs,
        serverAccessLogsPrefix: `${name}/`,
      });
    this.outputs = logged('outputs', [expire(OUTPUT_DAYS), FORGET_PREVIEWS]);
    this.inputs = logged('inputs', [expire(LIMITS.uploadDays)]);
    // Versions, so that a model overwritten by mistake can be brought back.
    const oldVersions = { id: 'forget-old-versions', noncurrentVersionExpiration: Duration.days(30) };
    this.models = logged('models', [oldVersions], { versioned: true });
  }

  #bucket(name: string, props: BucketProps): Bucket {
    const { config } = this.#context;
    return new Bucket(this, name, {
      // Names of buckets are shared by all accounts of the world.
      bucketName: `${resourceName(config, name)}-${Aws.ACCOUNT_ID}-${config.region}`,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: dataRemoval(config),
      autoDeleteObjects: config.deletable,
      ...props,
    });
  }
}
