/**
 * The actions of the audit log whose `before` and `after` hold a record's own fields: by them `explain` finds who set a
 * field. Entries of other actions hold reports, links or files, whose keys may be spelled like a field and are none.
 * Who changes or makes a record takes the action from here, or it does not compile.
 */
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';

const EDITS = [
  'record.set',
  'conflict.resolve',
  'work_order.status',
  'work_order.step_add',
  'work_order.step_complete',
  'work_order.part_add',
  'work_order.part_issue',
  'work_order.part_use',
  'work_order.part_return',
  'work_order.labour_add',
  'task.start',
  'task.complete',
  'maintenance.executed',
  'schedule.change',
  'schedule.served',
  'asset.move',
  'asset.assess',
  'part.stock',
  'request.move',
] as const;
/** Beside those of entities: `asset.create`, `work_order.create`. */
const CREATES = ['schedule.create', 'task.create'] as const;

export type EditAction = (typeof EDITS)[number] | `${Entity}.change`;
export type CreateAction = (typeof CREATES)[number] | `${Entity}.create`;

const EDIT_ACTIONS = new Set<string>([...EDITS, ...ENTITIES.map((entity) => `${entity}.change`)]);
const CREATE_ACTIONS = new Set<string>([...CREATES, ...ENTITIES.map((entity) => `${entity}.create`)]);

/** Whether entries of the action hold fields, and of a record that was there before or of a new one. */
export function fieldsHeldBy(action: string): 'edited' | 'created' | null {
  if (EDIT_ACTIONS.has(action)) return 'edited';
  return CREATE_ACTIONS.has(action) ? 'created' : null;
}
