import { describeUploadStoreContract } from '../contracts/index.ts';
import { InMemoryUploadStore } from './in-memory-upload-store.ts';

describeUploadStoreContract('InMemoryUploadStore', () => {
  const store = new InMemoryUploadStore();
  return { store, upload: async (url, _headers, body) => store.putTo(url, body) };
});
