import { writeFileSync } from 'node:fs';
import { documentText } from '../document-text.ts';
import { DOCUMENT_FILE } from './files.ts';

writeFileSync(DOCUMENT_FILE, documentText());
