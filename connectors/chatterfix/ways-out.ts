/**
 * How records are taken out of use by their status (contract 12.2, 12.6): assets are retired, work orders cancelled. One that is
 * finished is out of use already.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { RetireCapability } from '../kit/contract.ts';

export interface Way {
  status: string;
  ended: readonly string[];
  /** Words that may be written again; a record that had none of them goes back to the first. */
  before: readonly string[];
}

export const WAYS: Readonly<Partial<Record<Entity, Way>>> = {
  asset: {
    status: 'retired',
    ended: ['retired', 'disposed', 'decommissioned'],
    before: ['active', 'inactive', 'maintenance'],
  },
  work_order: {
    status: 'cancelled',
    ended: ['cancelled', 'canceled', 'completed', 'closed'],
    before: ['open', 'scheduled', 'in_progress', 'on_hold', 'waiting_parts', 'waiting_approval'],
  },
};

/** The manifest's word for it; nothing where a generation cannot change the record. */
export function retirement(entity: Entity, canChange: boolean): { retire?: RetireCapability } {
  const way = WAYS[entity];
  return way === undefined || !canChange ? {} : { retire: { by: `status ${way.status}`, undo: true } };
}
