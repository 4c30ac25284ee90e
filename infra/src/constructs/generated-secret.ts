import { SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { dataRemoval, resourceName, type StageContext } from '../stage-context.ts';

export interface GeneratedSecretProps {
  readonly name: string;
  readonly description: string;
  /** Of letters and digits, about 5.95 random bits each. */
  readonly characters: number;
}

/**
 * A secret that AWS makes up, as a value for the environment of functions: CloudFormation resolves it, and Lambda encrypts
 * it. So a function needs neither the right to read secrets nor a call for it; a new value comes with the next deployment.
 */
export class GeneratedSecret extends Construct {
  /** For functions of the same stack, which wait for the secret to be there. */
  readonly value: string;
  /** For other stacks: by its name, with no reference to a resource of this one. */
  readonly valueElsewhere: string;
  readonly secret: Secret;

  constructor(scope: Construct, id: string, { config }: StageContext, props: GeneratedSecretProps) {
    super(scope, id);
    const secretName = resourceName(config, props.name);
    this.secret = new Secret(this, 'Secret', {
      secretName,
      description: props.description,
      generateSecretString: { passwordLength: props.characters, excludePunctuation: true },
      removalPolicy: dataRemoval(config),
    });
    this.value = this.secret.secretValue.unsafeUnwrap();
    this.valueElsewhere = SecretValue.secretsManager(secretName).unsafeUnwrap();
  }
}
