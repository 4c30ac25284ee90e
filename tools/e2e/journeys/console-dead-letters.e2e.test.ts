import { deadLettersSchema, type DeadLetterGroup } from '@afterimage/admin-schemas';
import { GetQueueAttributesCommand, SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { waitFor } from '@afterimage/testing';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../src/chromium.ts';
import { startTestConsole, type TestConsole } from '../src/console/console.ts';
import { openPage } from '../src/console/open-page.ts';
import { auditEntry, operate } from '../src/console/operate.ts';
import { QUICK_WORKER } from '../src/console/seed.ts';

const executable = findChromium();
const CAUSE = 'the event job.succeeded was not handled';
const PATIENCE = { timeoutMs: 90_000, intervalMs: 500 };
const JOBS = 3;

describe.skipIf(executable === undefined)("dead letters in the operators' console", () => {
  let console: TestConsole;
  let jobs: string[];

  beforeAll(async () => {
    // Nobody can handle the events of jobs: all of them become dead letters.
    const env = { 'gpu-worker': QUICK_WORKER, 'result-notifier': { JOB_TABLE: 'nowhere' } };
    // The reconciler's looks would hide dead letters from the page's.
    console = await startTestConsole(executable ?? '', { env, isReconcilerPaused: true });
    const { client, sqs, stack } = console.test;
    const QueueUrl = stack.resources.notifications.url;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '1' } }));
    const made = await Promise.all(Array.from({ length: JOBS }, () => client.submit()));
    jobs = made.map(({ id }) => id);
    await Promise.all(jobs.map((id) => client.terminal(id)));
    await settled();
  });
  afterAll(() => console?.stop());
  afterEach(() => console.checkComplaints());

  async function look(): Promise<DeadLetterGroup[] | undefined> {
    const url = new URL('/admin/v1/dead-letters', console.url);
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
    const { total, read, groups } = deadLettersSchema.parse(await response.json());
    return total === read ? groups : undefined;
  }

  async function depthOf(QueueUrl: string): Promise<number> {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
    const { Attributes = {} } = await console.test.sqs.send(command);
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  /** The dead letters, once nothing is on its way to be one. */
  async function settled(): Promise<DeadLetterGroup[]> {
    const { notifications, jobQueues } = console.test.stack.resources;
    const queues = [notifications, ...Object.values(jobQueues)];
    return waitFor(
      async () => {
        const depths = await Promise.all(queues.map(({ url }) => depthOf(url)));
        return depths.every((depth) => depth === 0) ? look() : undefined;
      },
      { ...PATIENCE, what: 'queues whose messages all became dead letters' },
    );
  }

  async function countOf(cause: string): Promise<number> {
    return (await settled()).find((group) => group.cause === cause)?.count ?? 0;
  }

  const group = (page: Page, cause: string) =>
    page.locator('main div', { has: page.getByRole('heading', { name: cause }) }).last();

  it('go back one by one, and are dead again while the fault is there', async () => {
    const [id = ''] = jobs;
    expect(await countOf(CAUSE)).toBe(JOBS);
    const page = await openPage(console, '/dead-letters');
    const letters = page.getByRole('region', { name: `Dead letters: ${CAUSE}` });
    const letter = letters.getByRole('row').filter({ hasText: id });

    await operate(page, {
      label: 'Redrive this one',
      within: letter,
      says: '1 message will go back',
      reason: 'to see whether it is mended',
    });

    const entry = await auditEntry(console, 'to see whether it is mended');
    expect(entry).toMatchObject({ action: 'dead-letters.redrive', outcome: 'done', count: 1 });
    await letter.waitFor({ state: 'detached' });
    expect(await letters.getByRole('row').count()).toBe(1 + JOBS - 1);

    expect(await countOf(CAUSE)).toBe(JOBS);
    await page.getByRole('button', { name: 'Look again' }).click();
    await letter.waitFor();
  });

  it('of a queue of jobs come back too, when no worker can read them', async () => {
    const queue = console.test.stack.resources.jobQueues['local-interactive'];
    const text = 'not a claim check';
    await console.test.sqs.send(new SendMessageCommand({ QueueUrl: queue?.url, MessageBody: text }));
    const cause = 'the message cannot be read';
    const [before] = (await settled()).find((each) => each.cause === cause)?.letters ?? [];
    const page = await openPage(console, '/dead-letters');

    const act = { label: 'Redrive all 1', says: '1 message will go back', reason: 'read it once more' };
    await operate(page, { ...act, within: group(page, cause) });

    const [after] = (await settled()).find((each) => each.cause === cause)?.letters ?? [];
    expect(after?.summary).toBe(before?.summary);
    expect(after?.messageId).not.toBe(before?.messageId);
    expect(await auditEntry(console, 'read it once more')).toMatchObject({ count: 1 });
  });

  it('are discarded all at once, those of one cause and no others', async () => {
    const before = await settled();
    const { count = 0 } = before.find(({ cause }) => cause === CAUSE) ?? {};
    const page = await openPage(console, '/dead-letters');
    await group(page, CAUSE).waitFor();

    await operate(page, {
      label: `Discard all ${count}`,
      within: group(page, CAUSE),
      says: `${count} messages will be deleted for good`,
      reason: 'nobody waits for them',
    });

    expect(await auditEntry(console, 'nobody waits for them')).toMatchObject({
      action: 'dead-letters.discard',
      outcome: 'done',
      count,
    });
    expect((await settled()).map(({ id }) => id).toSorted()).toEqual(
      before
        .filter(({ cause }) => cause !== CAUSE)
        .map(({ id }) => id)
        .toSorted(),
    );
  });
});
