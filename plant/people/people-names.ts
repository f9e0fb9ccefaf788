/** People as callers write them (id, number, code, e-mail address, name) and as answers show them (code, else name). */
import { findPeople, loadPersonNames } from '../../store/hub/people-names.ts';
import type { Tx } from '../../store/index.ts';

/** Who does something: a person of the hub, or the text as written where nobody fits. At most one of the two is set. */
export interface Assignment {
  assignee: string | null;
  assigneeName: string | null;
}

/** The one person a text names; null for nobody and for namesakes that nothing tells apart. */
export async function findPerson(tx: Tx, tenantId: string, text: string): Promise<string | null> {
  const [first, second] = await findPeople(tx, tenantId, text.trim());
  if (first === undefined || second?.rank === first.rank) return null;
  return first.id;
}

export async function resolveAssignment(tx: Tx, tenantId: string, text: string | null): Promise<Assignment> {
  if (text === null) return { assignee: null, assigneeName: null };
  const person = await findPerson(tx, tenantId, text);
  return person === null ? { assignee: null, assigneeName: text } : { assignee: person, assigneeName: null };
}

/** Everybody a filter by this text may mean. */
export async function peopleCalled(tx: Tx, tenantId: string, text: string): Promise<string[]> {
  return (await findPeople(tx, tenantId, text.trim())).map(({ id }) => id);
}

/** Hub id to code or name. */
export async function personNamesOf(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  return loadPersonNames(tx, [...new Set(ids)]);
}
