import type { CallOptions } from './job-handle.ts';
import type { Model, ModelDetail } from './model.ts';
import { readModel, readModelPage } from './read-reply.ts';
import type { Transport } from './transport.ts';

export interface Models {
  list(options?: CallOptions): Promise<readonly Model[]>;
  get(id: string, options?: CallOptions): Promise<ModelDetail>;
}

export function makeModels(transport: Transport): Models {
  return {
    async list({ signal } = {}) {
      return readModelPage(await transport.send({ path: '/v1/models', signal })).data;
    },
    async get(id, { signal } = {}) {
      // "." and ".." would be another path.
      if (/^\.{0,2}$/.test(id)) throw new TypeError('the id of a model must not be empty or dots');
      return readModel(await transport.send({ path: `/v1/models/${encodeURIComponent(id)}`, signal }));
    },
  };
}
