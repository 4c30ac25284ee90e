import {
  describeBatchStoreContract,
  describeDeliveryStoreContract,
  describeDueIndexContract,
  describeJobListContract,
  describeJobPlacesContract,
  describeJobStoreContract,
  describeKeyStoreContract,
  describeTargetStoreContract,
  describeQueueSwitchContract,
  describeRateStoreContract,
  describeTenantStoreContract,
  describeUsageStoreContract,
  describeWorkerRegistryContract,
  describeWebhookEndpointStoreContract,
} from '@afterimage/testing/contracts';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { afterAll } from 'vitest';
import {
  createDynamoClient,
  createTableInput,
  DynamoBatchStore,
  DynamoDeliveryStore,
  DynamoDueIndex,
  DynamoJobPlaces,
  DynamoJobStore,
  DynamoKeyStore,
  DynamoTargetStore,
  DynamoQueueSwitch,
  DynamoRateStore,
  DynamoTenantStore,
  DynamoUsageStore,
  DynamoWorkerRegistry,
  DynamoWebhookEndpointStore,
} from '../src/index.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const client = createDynamoClient(aws.options.dynamodb);
const table = await aws.createTable(createTableInput(uniqueName('jobs')));

afterAll(async () => {
  client.destroy();
  await aws.stop();
});

describeJobStoreContract('DynamoJobStore', () => new DynamoJobStore(client, table));
describeJobPlacesContract('DynamoJobPlaces', () => ({
  jobs: new DynamoJobStore(client, table),
  places: new DynamoJobPlaces(client, table, Math.random),
}));
describeJobListContract('DynamoJobStore', () => new DynamoJobStore(client, table));
describeBatchStoreContract('DynamoBatchStore', () => new DynamoBatchStore(client, table));
describeDeliveryStoreContract('DynamoDeliveryStore', () => new DynamoDeliveryStore(client, table));
describeKeyStoreContract('DynamoKeyStore', () => new DynamoKeyStore(client, table));
describeRateStoreContract('DynamoRateStore', () => new DynamoRateStore(client, table));
describeQueueSwitchContract('DynamoQueueSwitch', () => new DynamoQueueSwitch(client, table));
describeWorkerRegistryContract('DynamoWorkerRegistry', () => new DynamoWorkerRegistry(client, table));
describeUsageStoreContract('DynamoUsageStore', () => new DynamoUsageStore(client, table));
describeTenantStoreContract('DynamoTenantStore', () => new DynamoTenantStore(client, table));
describeWebhookEndpointStoreContract('DynamoWebhookEndpointStore', () => new DynamoWebhookEndpointStore(client, table));
describeTargetStoreContract('DynamoTargetStore', () => new DynamoTargetStore(client, table));
describeDueIndexContract('DynamoDueIndex', () => ({
  due: new DynamoDueIndex(client, table),
  jobs: new DynamoJobStore(client, table),
  batches: new DynamoBatchStore(client, table),
  deliveries: new DynamoDeliveryStore(client, table),
}));
