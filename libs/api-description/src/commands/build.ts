import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { docsPage } from '../docs-page.ts';
import { documentText } from '../document-text.ts';
import { BUILD_DIRECTORY } from './files.ts';

const renderer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const read = (name: string) => readFileSync(join(renderer, name), 'utf8');
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(BUILD_DIRECTORY, name), content);

const { html, contentSecurityPolicy } = docsPage({
  script: read('swagger-ui-bundle.js').replace(/\/\/# sourceMappingURL=\S+\s*$/, ''),
  style: read('swagger-ui.css').replace(/\/\*# sourceMappingURL=\S+\s*\*\/\s*$/, ''),
});

mkdirSync(BUILD_DIRECTORY, { recursive: true });
write('openapi.json', documentText());
write('docs.html.gz', gzipSync(html, { level: constants.Z_BEST_COMPRESSION }));
write('docs.json', JSON.stringify({ contentSecurityPolicy }));
copyFileSync(join(renderer, 'swagger-ui-bundle.js.LICENSE.txt'), join(BUILD_DIRECTORY, 'docs.LICENSE.txt'));
copyFileSync(join(renderer, 'NOTICE'), join(BUILD_DIRECTORY, 'docs.NOTICE'));
