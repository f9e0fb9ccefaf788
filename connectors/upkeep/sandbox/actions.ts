/** The calls below a record: workers, teams, messages, readings, members, and the decisions on a request. */
import type { Account, Actor } from './account.ts';
import { ApiError } from './api-error.ts';
import type { Values } from './field-values.ts';
import { readWindow } from './list.ts';
import { show } from './show.ts';
import type { Row } from './store.ts';
import { create, find, setFields, update } from './write.ts';

export interface ActionCall {
  account: Account;
  actor: Actor;
  method: string;
  id: string;
  /** The id after the sub-path, empty when there is none. */
  other: string;
  query: URLSearchParams;
  body: () => Values;
}
/** Gives the whole answer body, or undefined when the method is not served. */
type Action = (call: ActionCall) => object | undefined;

function ids(value: unknown): string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}

/** The list with one id put in or taken out. */
function toggled(list: unknown, id: string, method: string): string[] | null {
  const rest = ids(list).filter((entry) => entry !== id);
  const next = method === 'POST' ? [...rest, id] : rest;
  return next.length === 0 ? null : next;
}

const worker: Action = ({ account, actor, method, id, other }) => {
  if (method !== 'POST' && method !== 'DELETE') return undefined;
  const order = find(account, 'work-orders', id);
  find(account, 'users', other);
  const additionalUsers = toggled(order.fields['additionalUsers'], other, method);
  const row = setFields(account, 'work-orders', id, { additionalUsers, updatedBy: actor.userId }, actor);
  return { success: true, result: show(account, 'work-orders', row) };
};

const orderTeam: Action = ({ account, actor, method, id, other }) => {
  if (method !== 'POST' && method !== 'DELETE') return undefined;
  find(account, 'work-orders', id);
  find(account, 'teams', other);
  const row = update(account, 'work-orders', id, { team: method === 'POST' ? other : null }, actor);
  return { success: true, result: show(account, 'work-orders', row) };
};

/** Nobody knows how messages are read (contract 3.1), so only posting is served. */
const message: Action = ({ account, actor, method, id, body }) => {
  if (method !== 'POST') return undefined;
  find(account, 'work-orders', id);
  create(account, 'update-messages', { text: body()['text'] ?? null, workOrder: id }, actor);
  return { success: true, message: 'update message posted' };
};

function showReading(row: Row): Values {
  const { id, value, date, createdAt } = row.fields;
  return { id, value, date, createdAt };
}

const readings: Action = ({ account, actor, method, id, query, body }) => {
  find(account, 'meters', id);
  if (method === 'POST') {
    const { value, date } = body();
    const row = create(account, 'readings', { meter: id, value: value ?? null, date }, actor);
    return { success: true, result: showReading(row) };
  }
  if (method !== 'GET') return undefined;
  account.paging.served('readings', query.toString());
  const all = account.store.tables.rows('readings').filter((row) => row.fields['meter'] === id);
  const newest = all.toSorted((a, b) => String(b.fields['date']).localeCompare(String(a.fields['date'])));
  const { limit, offset } = readWindow(query);
  return { success: true, results: newest.slice(offset, offset + limit).map(showReading) };
};

const members: Action = ({ account, actor, method, id, other }) => {
  const team = find(account, 'teams', id);
  if (method === 'GET' && other === '') {
    const rows = ids(team.hidden['members']).map((member) => account.store.tables.get('users', member));
    return { success: true, results: rows.filter((row) => row !== undefined).map((row) => row.fields) };
  }
  if (method !== 'POST' && method !== 'DELETE') return undefined;
  find(account, 'users', other);
  const hidden = { ...team.hidden, members: toggled(team.hidden['members'], other, method) };
  account.store.replace('teams', team, {}, account.store.stamp(), hidden);
  if (!actor.person) account.world.stats.wrote('updated', 'teams');
  return { success: true, message: method === 'POST' ? 'user added' : 'user removed' };
};

/** A pending request is decided once; approval makes a work order for the requester. */
function decide(status: 'approved' | 'rejected' | 'cancelled'): Action {
  return ({ account, actor, method, id }) => {
    if (method !== 'PATCH') return undefined;
    const request = find(account, 'requests', id);
    if (request.fields['status'] !== 'pending') {
      throw new ApiError(400, `request is already ${String(request.fields['status'])}`);
    }
    const row = setFields(account, 'requests', id, { status }, actor);
    if (status === 'approved') {
      const copied = [
        'title',
        'description',
        'priority',
        'location',
        'asset',
        'team',
        'assignedToUser',
        'dueDate',
      ];
      const fields = Object.fromEntries(copied.map((name) => [name, request.fields[name] ?? null]));
      // The order is raised by the product, not by a client's write.
      const order = create(account, 'work-orders', fields, { ...actor, person: true });
      account.store.replace('work-orders', order, { requestedByUser: request.hidden['creator'] }, null);
    }
    return { success: true, result: show(account, 'requests', row) };
  };
}

export const ACTIONS: Readonly<Record<string, Action>> = {
  'work-orders/workers': worker,
  'work-orders/teams': orderTeam,
  'work-orders/update-messages': message,
  'meters/readings': readings,
  'teams/users': members,
  'requests/cancel': decide('cancelled'),
  'requests/approve': decide('approved'),
  'requests/reject': decide('rejected'),
};
