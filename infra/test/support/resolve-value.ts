import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';

const resourceSchema = z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() });
const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).optional(),
});
type Json = z.infer<typeof templateSchema>;

const ACCOUNT = '111122223333';
/** What `Ref` of a type gives, from the name of the resource. */
const REF: Readonly<Record<string, (name: string) => string>> = {
  'AWS::SNS::Topic': (name) => `arn:aws:sns:eu-central-1:${ACCOUNT}:${name}`,
  'AWS::SQS::Queue': (name) => `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/${name}`,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (name) => `arn:aws:elasticloadbalancing:eu-central-1:${ACCOUNT}:${name}`,
};
const NAMES = ['TopicName', 'QueueName', 'BucketName', 'TableName', 'Name'];

const join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });
const ref = z.object({ Ref: z.string() });
const getAtt = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const stackOutput = z.object({ 'Fn::GetStackOutput': z.object({ StackName: z.string(), OutputName: z.string() }) });

/**
 * Resolves the values of templates as CloudFormation would, as far as an environment needs it: names, ARNs and URLs of
 * resources with a name, across stacks. A secret becomes as many letters as its stack asks for.
 */
export function makeResolve(templates: ReadonlyMap<string, Template>, prefix: string) {
  const stacks = new Map<string, Json>(
    [...templates].map(([id, template]) => [`${prefix}-${id.toLowerCase()}`, templateSchema.parse(template.toJSON())]),
  );

  function secretOf(reference: string): string {
    const all = [...stacks.values()].flatMap((stack) => Object.entries(stack.Resources));
    const found = all.find(
      ([id, { Type, Properties = {} }]) =>
        Type === 'AWS::SecretsManager::Secret' &&
        (reference.includes(id) || reference.includes(`:${String(Properties['Name'])}:`)),
    );
    if (found === undefined) throw new Error(`there is no secret for ${reference}`);
    const generate = z
      .object({ GenerateSecretString: z.object({ PasswordLength: z.int() }) })
      .parse(found[1].Properties).GenerateSecretString;
    return 'a'.repeat(generate.PasswordLength);
  }

  function refTo(stack: string, id: string): string {
    if (id.startsWith('AWS::')) return id === 'AWS::AccountId' ? ACCOUNT : id;
    const resource = stacks.get(stack)?.Resources[id];
    if (resource === undefined) throw new Error(`there is no ${id} in ${stack}`);
    if (resource.Type === 'AWS::SecretsManager::Secret') return id;
    const { Properties = {} } = resource;
    const key = NAMES.find((candidate) => Properties[candidate] !== undefined);
    const name = key === undefined ? id.toLowerCase() : resolve(stack, Properties[key]);
    return REF[resource.Type]?.(name) ?? name;
  }

  function resolve(stack: string, value: unknown): string {
    if (typeof value === 'string') {
      return value.replaceAll(/\{\{resolve:secretsmanager:[^}]*\}\}/g, (reference) => secretOf(reference));
    }
    const joined = join.safeParse(value).data;
    if (joined !== undefined) {
      const [separator, parts] = joined['Fn::Join'];
      return resolve(
        stack,
        parts.map((part) => (typeof part === 'string' ? part : resolve(stack, part))).join(separator),
      );
    }
    const output = stackOutput.safeParse(value).data?.['Fn::GetStackOutput'];
    if (output !== undefined) {
      return resolve(output.StackName, stacks.get(output.StackName)?.Outputs?.[output.OutputName]?.Value);
    }
    const reference = ref.safeParse(value).data;
    if (reference !== undefined) return refTo(stack, reference.Ref);
    const attribute = getAtt.safeParse(value).data?.['Fn::GetAtt'];
    if (attribute !== undefined) return `${attribute[1].toLowerCase()}-of-${refTo(stack, attribute[0])}`;
    throw new Error(`cannot resolve ${JSON.stringify(value)}`);
  }

  return resolve;
}
