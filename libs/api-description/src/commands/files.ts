import { join } from 'node:path';

const WORKSPACE_ROOT = join(import.meta.dirname, '../../../..');

/** The document as it is checked in. */
export const DOCUMENT_FILE = join(WORKSPACE_ROOT, 'docs/openapi.json');
/** The document of the last release. */
export const RELEASED_FILE = join(WORKSPACE_ROOT, 'docs/openapi.released.json');
/** What apps serve. */
export const BUILD_DIRECTORY = join(WORKSPACE_ROOT, 'dist/libs/api-description');
