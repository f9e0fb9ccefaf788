/** Enqueue locks: an object a person has open cannot be written (contract 4.5). */
import { SapError } from './sap-error.ts';
import type { EntitySet, Values } from './schema.ts';
import type { Call } from './world.ts';

const TEXTS: Readonly<Record<string, readonly [code: string, noun: string]>> = {
  MaintenanceOrder: ['CO/469', 'Order'],
  MaintenanceNotification: ['IM/254', 'Notification'],
  Equipment: ['IE/101', 'Equipment'],
  FunctionalLocation: ['IL/101', 'Functional location'],
  MaintenancePlan: ['IP/024', 'Maintenance plan'],
  MaintenanceItem: ['IP/025', 'Maintenance item'],
  Product: ['M3/682', 'Product'],
  MeasuringPoint: ['IR/010', 'Measuring point'],
};

export function checkLockOf(call: Call, name: string, key: string): void {
  const { locks, lockStatus } = call.world.dials;
  const [code, noun] = TEXTS[name] ?? ['CO/469', 'Object'];
  const holder = key === '' ? undefined : (locks[key] ?? locks['*']);
  if (call.person || holder === undefined) return;
  throw new SapError(lockStatus, code, `${noun} ${key} is already being processed by ${holder}`);
}

/** A child is locked with the object it belongs to: its key begins with that one's. */
export function checkLock(call: Call, set: EntitySet, values: Values): void {
  const [first] = set.keys;
  const key = values[first?.name ?? ''];
  if (first !== undefined && typeof key === 'string') checkLockOf(call, first.name, key);
}
