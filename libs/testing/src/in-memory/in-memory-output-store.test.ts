import { describeOutputStoreContract } from '../contracts/index.ts';
import { InMemoryOutputStore } from './in-memory-output-store.ts';

describeOutputStoreContract('InMemoryOutputStore', () => {
  const store = new InMemoryOutputStore();
  return {
    store,
    async download(url) {
      const object = store.objects.get(new URL(url).pathname.slice(1));
      if (object === undefined) throw new Error(`${url} is not there`);
      return object;
    },
  };
});
