import { describe, expect, it } from 'vitest';
import { makeQueueDirectory } from './queue-directory.ts';

const url = (name: string) => `https://sqs.eu-central-1.amazonaws.com/111122223333/${name}`;

function aDirectory(jobQueues: readonly string[], pools: readonly string[]) {
  return makeQueueDirectory({
    jobQueueUrls: jobQueues.map(url),
    notificationsQueueUrl: url('afterimage-prod-notifications'),
    deadLetterQueueUrls: [url('afterimage-prod-sdxl-batch-dlq')],
    pools,
  });
}

describe('the directory of queues', () => {
  it('knows the pool and the priority of each queue of jobs, by its name', () => {
    const names = ['sdxl-interactive', 'afterimage-prod-sdxl-batch', 'afterimage-prod-turbo-sdxl-batch'];
    const { queues } = aDirectory(names, ['sdxl', 'turbo-sdxl']);

    expect(queues.map(({ jobs }) => jobs)).toEqual([
      { pool: 'sdxl', priority: 'interactive' },
      { pool: 'sdxl', priority: 'batch' },
      { pool: 'turbo-sdxl', priority: 'batch' },
      null,
    ]);
  });

  it('finds queues by name, and says which one is not there', () => {
    const directory = aDirectory(['sdxl-batch'], ['sdxl']);

    expect(directory.find('sdxl-batch').url).toBe(url('sdxl-batch'));
    expect(directory.findDeadLetters('afterimage-prod-sdxl-batch-dlq').url).toBe(url('afterimage-prod-sdxl-batch-dlq'));
    expect(directory.ofJobs('sdxl', 'batch')?.name).toBe('sdxl-batch');
    expect(directory.ofJobs('sdxl', 'interactive')).toBeUndefined();
    expect(() => directory.find('sdxl-batch-dlq')).toThrow('there is no queue sdxl-batch-dlq');
    expect(() => directory.findDeadLetters('sdxl-batch')).toThrow('there is no queue sdxl-batch');
  });

  it('refuses a queue that is of no pool', () => {
    expect(() => aDirectory(['comfy-batch'], ['sdxl'])).toThrow('the queue comfy-batch is of none of the pools sdxl');
  });
});
