import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
export type KubernetesObject = z.infer<typeof objectSchema>;

const joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });

/** Something in place of a reference: its kind and name, enough to tell one from another; an id where a schema wants one. */
function placeholder(reference: unknown): string {
  const text = JSON.stringify(reference);
  return /SecurityGroupId/.test(text) ? 'sg-0123456789abcdef0' : text.replaceAll(/[^A-Za-z0-9]+/g, '-');
}

/** The text of a property, with a placeholder for each reference. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { success, data } = joined.safeParse(value);
  if (!success) return placeholder(value);
  return data['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : placeholder(part))).join('');
}

/** Every object that the template puts into the cluster. */
export function kubernetesObjects(template: Template): KubernetesObject[] {
  return Object.values(template.findResources('Custom::AWSCDK-EKS-KubernetesResource')).flatMap(({ Properties }) =>
    z.array(objectSchema).parse(JSON.parse(textOf(Properties.Manifest))),
  );
}

/** The object of a kind, as its type; `guard` is the `is` of its model. */
export function objectOf<T extends object>(
  objects: readonly KubernetesObject[],
  guard: (value: unknown) => value is T,
  name: string,
): T {
  const found = objects
    .filter(({ metadata }) => metadata.name === name)
    .find((each): each is KubernetesObject & T => guard(each));
  if (found === undefined) throw new Error(`there is no such object ${name}`);
  return found;
}
