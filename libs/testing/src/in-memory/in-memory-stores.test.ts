import {
  describeBatchStoreContract,
  describeDeliveryStoreContract,
  describeDueIndexContract,
  describeJobListContract,
  describeJobPlacesContract,
  describeJobStoreContract,
  describeKeyStoreContract,
  describeRateStoreContract,
  describeTargetStoreContract,
  describeTenantStoreContract,
  describeUsageStoreContract,
  describeQueueSwitchContract,
  describeWorkerRegistryContract,
  describeWebhookEndpointStoreContract,
} from '../contracts/index.ts';
import { InMemoryKeyStore, InMemoryTenantStore } from './in-memory-account-stores.ts';
import { InMemoryBatchStore } from './in-memory-batch-store.ts';
import { InMemoryDeliveryStore } from './in-memory-delivery-store.ts';
import { InMemoryDueIndex } from './in-memory-due-index.ts';
import { InMemoryJobPlaces } from './in-memory-job-places.ts';
import { InMemoryJobStore } from './in-memory-job-store.ts';
import { InMemoryUsageStore } from './in-memory-usage-store.ts';
import { InMemoryQueueSwitch } from './in-memory-queue-switch.ts';
import { InMemoryWorkerRegistry } from './in-memory-worker-registry.ts';
import { InMemoryRateStore } from './in-memory-rate-store.ts';
import { InMemoryTargetStore, InMemoryWebhookEndpointStore } from './in-memory-webhook-stores.ts';

describeJobStoreContract('InMemoryJobStore', () => new InMemoryJobStore());
describeJobPlacesContract('InMemoryJobPlaces', () => {
  const jobs = new InMemoryJobStore();
  return { jobs, places: new InMemoryJobPlaces(jobs) };
});
describeJobListContract('InMemoryJobStore', () => new InMemoryJobStore());
describeBatchStoreContract('InMemoryBatchStore', () => new InMemoryBatchStore());
describeDeliveryStoreContract('InMemoryDeliveryStore', () => new InMemoryDeliveryStore());
describeKeyStoreContract('InMemoryKeyStore', () => new InMemoryKeyStore());
describeRateStoreContract('InMemoryRateStore', () => new InMemoryRateStore());
describeQueueSwitchContract('InMemoryQueueSwitch', () => new InMemoryQueueSwitch());
describeWorkerRegistryContract('InMemoryWorkerRegistry', () => new InMemoryWorkerRegistry());
describeUsageStoreContract('InMemoryUsageStore', () => new InMemoryUsageStore());
describeTenantStoreContract('InMemoryTenantStore', () => new InMemoryTenantStore());
describeWebhookEndpointStoreContract('InMemoryWebhookEndpointStore', () => new InMemoryWebhookEndpointStore());
describeTargetStoreContract('InMemoryTargetStore', () => new InMemoryTargetStore());
describeDueIndexContract('InMemoryDueIndex', () => {
  const jobs = new InMemoryJobStore();
  const batches = new InMemoryBatchStore();
  const deliveries = new InMemoryDeliveryStore();
  return { jobs, batches, deliveries, due: new InMemoryDueIndex({ jobs, batches, deliveries }) };
});
