import {
  describeDeliveryStoreContract,
  describeDueIndexContract,
  describeJobListContract,
  describeJobStoreContract,
  describeKeyStoreContract,
  describeTenantStoreContract,
} from '@afterimage/testing/contracts';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { afterAll } from 'vitest';
import {
  createDynamoClient,
  createTableInput,
  DynamoDeliveryStore,
  DynamoDueIndex,
  DynamoJobStore,
  DynamoKeyStore,
  DynamoTenantStore,
} from '../src/index.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const client = createDynamoClient(aws.options.dynamodb);
const table = await aws.createTable(createTableInput(uniqueName('jobs')));

afterAll(async () => {
  client.destroy();
  await aws.stop();
});

describeJobStoreContract('DynamoJobStore', () => new DynamoJobStore(client, table));
describeJobListContract('DynamoJobStore', () => new DynamoJobStore(client, table));
describeDeliveryStoreContract('DynamoDeliveryStore', () => new DynamoDeliveryStore(client, table));
describeKeyStoreContract('DynamoKeyStore', () => new DynamoKeyStore(client, table));
describeTenantStoreContract('DynamoTenantStore', () => new DynamoTenantStore(client, table));
describeDueIndexContract('DynamoDueIndex', () => ({
  due: new DynamoDueIndex(client, table),
  jobs: new DynamoJobStore(client, table),
  deliveries: new DynamoDeliveryStore(client, table),
}));
