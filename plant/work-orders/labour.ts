/** Labour of a work order, and its conversation. */
import type { Json } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { listComments, loadComment, type CommentRow } from '../../store/work-orders/work-orders.ts';
import { findPerson } from '../people/people-names.ts';
import { instantOf, type PersonDeps } from '../person.ts';
import { addComment } from '../records/records.ts';
import { editRecord, loadLive, lockLive } from './edit.ts';
import { orderFields, rounded, type LabourLine } from './fields.ts';
import { assertNotFinished } from './status.ts';
import { viewOrder, type OrderView } from './view.ts';

export interface LabourInput {
  /** Id, number, code, e-mail address or name of a person of the hub. */
  person: string;
  minutes: number;
  startedAt?: string | undefined;
  /** Money for an hour: adds what it cost to the order's actual cost. */
  hourlyRate?: number | undefined;
}

const ENTRIES_MAX = 1_000;

export async function addLabour(
  deps: PersonDeps,
  id: string,
  input: LabourInput,
): Promise<{ order: OrderView; labour: LabourLine }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'work_order', id);
    const before = orderFields(hub);
    assertNotFinished(hub.number, before);
    const person = await findPerson(tx, deps.tenantId, input.person);
    if (person === null) {
      throw new Failure(
        'invalid_request',
        `There is no one person "${input.person}"; name somebody by id, code, e-mail address or exact name.`,
        { path: 'person' },
      );
    }
    const entries = before.labour ?? [];
    if (entries.length >= ENTRIES_MAX) {
      throw new Failure(
        'conflict',
        `${hub.number} has ${String(ENTRIES_MAX)} labour entries, which is the most it can have.`,
      );
    }
    const labour: LabourLine = {
      person,
      minutes: input.minutes,
      ...(input.startedAt === undefined ? {} : { startedAt: input.startedAt }),
    };
    const cost = rounded((input.minutes / 60) * (input.hourlyRate ?? 0));
    const wanted = {
      labour: [...entries, labour] as unknown as Json,
      ...(cost > 0 ? { actualCost: rounded((before.actualCost ?? 0) + cost) } : {}),
    };
    const edited = await editRecord(deps, tx, hub, wanted, {
      action: 'work_order.labour_add',
      at: instantOf(deps),
    });
    return { order: await viewOrder(deps, tx, edited), labour };
  });
}

export async function listOrderComments(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  id: string,
  page: { after: { at: string; id: string } | null; limit: number },
): Promise<CommentRow[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await loadLive(tx, 'work_order', id);
    return listComments(tx, hub.id, page);
  });
}

/** Travels to every connected system that takes comments. */
export async function addOrderComment(
  deps: PersonDeps,
  id: string,
  request: { text: string; author: string | null },
): Promise<CommentRow> {
  await deps.store.inTenant(deps.tenantId, (tx) => loadLive(tx, 'work_order', id));
  const made = await addComment(deps, { number: id, text: request.text, author: request.author });
  const comment = await deps.store.inTenant(deps.tenantId, (tx) => loadComment(tx, made.id));
  if (comment === null) throw new Failure('bug', 'A comment that was just added is not there.');
  return comment;
}
