/** Work orders as answers show them: references as the words people use. Loads what a page refers to in one go. */
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { Tx } from '../../store/index.ts';
import { loadPartNumbers } from '../../store/work-orders/work-orders.ts';
import { assetIdsOf } from '../assets/asset-ids.ts';
import { personNamesOf } from '../people/people-names.ts';
import type { PersonDeps } from '../person.ts';
import { orderFields, type OrderFields } from './fields.ts';
import { shownStatus, type PublicStatus } from './status.ts';

export interface OrderView {
  id: string;
  number: string;
  version: number;
  fields: OrderFields;
  status: PublicStatus;
  isOverdue: boolean;
  /** Public id of the asset. */
  assetId: string | null;
  /** Code or name of the person, or what was written. */
  assignedTo: string | null;
  requestedBy: string | null;
  /** Hub ids of people and parts in the record to what people call them. */
  names: ReadonlyMap<string, string>;
  createdAt: string;
  updatedAt: string;
}

export async function viewOrders(
  deps: Pick<PersonDeps, 'now'>,
  tx: Tx,
  records: readonly HubRecord[],
): Promise<OrderView[]> {
  const all = records.map((record) => ({ record, fields: orderFields(record) }));
  const assets = await assetIdsOf(
    tx,
    all.flatMap(({ fields }) => fields.asset ?? []),
  );
  const people = await personNamesOf(
    tx,
    all.flatMap(({ fields }) => [
      ...(fields.assignee === undefined ? [] : [fields.assignee]),
      ...(fields.requestedBy === undefined ? [] : [fields.requestedBy]),
      ...(fields.labour ?? []).map(({ person }) => person),
    ]),
  );
  const parts = await loadPartNumbers(tx, [
    ...new Set(all.flatMap(({ fields }) => (fields.parts ?? []).map(({ part }) => part))),
  ]);
  const names = new Map([...people, ...parts]);
  return all.map(({ record, fields }) => ({
    id: record.id,
    number: record.number,
    version: record.version,
    fields,
    ...shownStatus(record.fields, deps.now()),
    assetId: fields.asset === undefined ? null : (assets.get(fields.asset) ?? null),
    assignedTo:
      (fields.assignee === undefined ? undefined : people.get(fields.assignee)) ??
      fields.assigneeName ??
      null,
    requestedBy: fields.requestedBy === undefined ? null : (people.get(fields.requestedBy) ?? null),
    names,
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
  }));
}

export async function viewOrder(
  deps: Pick<PersonDeps, 'now'>,
  tx: Tx,
  record: HubRecord,
): Promise<OrderView> {
  const [view] = await viewOrders(deps, tx, [record]);
  return view as OrderView;
}
