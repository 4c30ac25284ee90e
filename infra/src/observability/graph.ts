import { GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';

const HALF = 12;

/** Half a row. */
export function graph(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, left, right, width: HALF, height: 6 });
}

export function heading(text: string): IWidget[] {
  return [new TextWidget({ markdown: `## ${text}`, width: 2 * HALF, height: 1 })];
}
