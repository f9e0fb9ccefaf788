/** UpKeep has no call that makes people, so the one the orders name is there beforehand, as in any real account. */
import type { BenchSandbox } from './rig.ts';

export async function invite(upkeep: BenchSandbox): Promise<void> {
  const person = {
    email: 'wilson@plant.example',
    password: 'invited-by-hand',
    accountType: 'TECHNICIAN',
    firstName: 'Wilson',
    lastName: 'Hart',
  };
  await upkeep.control('POST', '/records/users', person);
}
