import { auditPageSchema, type AuditEntry } from '@afterimage/admin-schemas';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { TestConsole } from './console.ts';

export interface Operation {
  /** On the button and over the dialog. */
  readonly label: string | RegExp;
  /** What the dialog must say: with the exact count. */
  readonly says: string;
  readonly reason: string;
  /** Where its button is, when there are several. */
  readonly within?: Locator;
  /** Fills in what else the dialog asks for. */
  readonly fill?: (dialog: Locator) => Promise<void>;
}

/** Presses the button of an act, gives the reason that it asks for, and waits until it is done. */
export async function operate(page: Page, operation: Operation): Promise<void> {
  const { label, says, reason, within = page, fill } = operation;
  await within.getByRole('button', { name: label }).first().click();
  const dialog = page.getByRole('dialog', { name: label });
  await dialog.getByText(says).waitFor();
  await fill?.(dialog);
  const submit = dialog.getByRole('button', { name: label });
  expect(await submit.isDisabled()).toBe(true);
  await dialog.getByLabel('Reason').fill(reason);
  await submit.click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('status').getByText(': done.').waitFor();
}

/** The entry of the audit log with that reason. */
export async function auditEntry({ url }: Pick<TestConsole, 'url'>, reason: string): Promise<AuditEntry> {
  const response = await fetch(new URL('/admin/v1/audit?limit=100', url), { signal: AbortSignal.timeout(10_000) });
  const entry = auditPageSchema.parse(await response.json()).data.find((each) => each.reason === reason);
  if (entry === undefined) throw new Error(`nothing was done because of "${reason}"`);
  return entry;
}
