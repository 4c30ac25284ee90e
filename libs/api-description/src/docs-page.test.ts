import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { docsPage } from './docs-page.ts';

const parts = { script: 'const a = 1;', style: 'body{margin:0}' };
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The texts of the page's elements of one name. */
function inlineTexts(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, text = '']) => text);
}

describe('the page of the reference', () => {
  const { html, contentSecurityPolicy } = docsPage(parts);

  it('may run every script and style that it has, and no other', () => {
    const allowed = contentSecurityPolicy.match(/'sha256-[^']+'/g) ?? [];
    const own = [...inlineTexts(html, 'script'), ...inlineTexts(html, 'style')].map(hashOf);

    expect(own).toHaveLength(3);
    expect(allowed.toSorted()).toStrictEqual(own.toSorted());
    expect(contentSecurityPolicy).not.toContain('unsafe');
  });

  it('loads nothing from another origin', () => {
    expect(html).not.toMatch(/(?:src|href|url)\s*[=:(]\s*["']?(?:https?:)?\/\//);
    expect(contentSecurityPolicy).toContain("default-src 'none'");
    expect(contentSecurityPolicy).toContain("connect-src 'self'");
  });

  it('is not built of a script that would end its element', () => {
    expect(() => docsPage({ ...parts, script: 'const tag = "</script>";' })).toThrow('end in its middle');
  });
});
