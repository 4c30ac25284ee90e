import { readFileSync, writeFileSync } from 'node:fs';
import { COST_DOCUMENT, withTables } from './cost-document.ts';

writeFileSync(COST_DOCUMENT, withTables(readFileSync(COST_DOCUMENT, 'utf8')));
