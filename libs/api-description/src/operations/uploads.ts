import { createUploadSchema, type Upload, uploadSchema } from '@afterimage/job-schemas';
import { EXAMPLE_UPLOAD_ID } from '../examples.ts';
import type { Operation } from '../operation.ts';

const FILE = {
  contentType: 'image/png',
  bytes: 70,
  sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
} as const;

const SIGNED: Upload = {
  id: EXAMPLE_UPLOAD_ID,
  object: 'upload',
  ...FILE,
  deduplicated: false,
  url: `https://files.example.com/${EXAMPLE_UPLOAD_ID}?X-Amz-Signature=0000`,
  method: 'PUT',
  headers: { 'content-type': 'image/png' },
  expiresAt: '2026-01-01T12:15:00.000Z',
};

const KNOWN: Upload = { ...SIGNED, deduplicated: true, url: null, method: null, headers: null, expiresAt: null };

export const createUpload: Operation = {
  operationId: 'createUpload',
  tag: 'Uploads',
  summary: 'Upload an image',
  description:
    'Signs a URL to which the client puts the image, with `method` and `headers` as given. When the tenant has uploaded the ' +
    'same bytes before, `deduplicated` is true and there is nothing to put. Jobs name the upload by its `id`.',
  request: { schema: createUploadSchema, examples: { png: FILE } },
  responses: {
    201: {
      description: 'Where to put the image, or that it is there.',
      json: { schema: uploadSchema, examples: { 'to put': SIGNED, deduplicated: KNOWN } },
    },
  },
  problems: ['malformed-request', 'payload-too-large', 'unsupported-media-type', 'validation-failed'],
};
