import { describeWaiterSlotsContract } from '../contracts/index.ts';
import { InMemoryWaiterSlots } from './in-memory-waiter-slots.ts';

describeWaiterSlotsContract('InMemoryWaiterSlots', (limit) => new InMemoryWaiterSlots(limit));
