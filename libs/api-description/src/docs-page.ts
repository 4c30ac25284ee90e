import { createHash } from 'node:crypto';

/** The parts of the page, from the renderer's package. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
}

export interface DocsPage {
  readonly html: string;
  /** Lets the page run its own scripts, by their hashes, and talk to its own origin; nothing else. */
  readonly contentSecurityPolicy: string;
}

/** The address is relative, so that the page works below any path of a deployment. */
const START =
  "SwaggerUIBundle({url:'v1/openapi.json',dom_id:'#docs',deepLinking:true,validatorUrl:null,displayRequestDuration:true,defaultModelsExpandDepth:0})";

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** @throws Error when the text would end the element that it is put into */
function element(name: 'script' | 'style', text: string): string {
  if (new RegExp(`</${name}`, 'i').test(text)) throw new Error(`the ${name} of the page would end in its middle`);
  return `<${name}>${text}</${name}>`;
}

/** One page with all that it needs inside. */
export function docsPage({ script, style }: PageParts): DocsPage {
  const html = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Afterimage API</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">',
    element('style', style),
    '</head><body><div id="docs"></div><noscript>The reference needs JavaScript; <a href="v1/openapi.json">openapi.json</a> does not.</noscript>',
    element('script', script),
    element('script', START),
    '</body></html>',
  ].join('\n');
  const directives = {
    'default-src': "'none'",
    'script-src': `${hashSource(script)} ${hashSource(START)}`,
    'style-src': hashSource(style),
    'img-src': 'data:',
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  const contentSecurityPolicy = Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
  return { html, contentSecurityPolicy };
}
