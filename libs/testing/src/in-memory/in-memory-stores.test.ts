import {
  describeDeliveryStoreContract,
  describeDueIndexContract,
  describeJobListContract,
  describeJobStoreContract,
  describeKeyStoreContract,
  describeTenantStoreContract,
} from '../contracts/index.ts';
import { InMemoryKeyStore, InMemoryTenantStore } from './in-memory-account-stores.ts';
import { InMemoryDeliveryStore } from './in-memory-delivery-store.ts';
import { InMemoryDueIndex } from './in-memory-due-index.ts';
import { InMemoryJobStore } from './in-memory-job-store.ts';

describeJobStoreContract('InMemoryJobStore', () => new InMemoryJobStore());
describeJobListContract('InMemoryJobStore', () => new InMemoryJobStore());
describeDeliveryStoreContract('InMemoryDeliveryStore', () => new InMemoryDeliveryStore());
describeKeyStoreContract('InMemoryKeyStore', () => new InMemoryKeyStore());
describeTenantStoreContract('InMemoryTenantStore', () => new InMemoryTenantStore());
describeDueIndexContract('InMemoryDueIndex', () => {
  const jobs = new InMemoryJobStore();
  const deliveries = new InMemoryDeliveryStore();
  return { jobs, deliveries, due: new InMemoryDueIndex({ jobs, deliveries }) };
});
