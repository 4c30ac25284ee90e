import type { Template } from 'aws-cdk-lib/assertions';

/** Properties of each resource of a type that has these among them. */
export function propertiesOf(template: Template, type: string, like: object = {}) {
  return Object.values(template.findResources(type, { Properties: like })).map(({ Properties }) => Properties);
}
