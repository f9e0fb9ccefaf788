/** What the server does by itself when a work order is written: completion, usernames, the location's twin, stock (contract 3.1, 6). */
import type { Account, Actor } from './account.ts';
import { ApiError } from './api-error.ts';
import type { Values } from './field-values.ts';
import type { Row } from './store.ts';

function email(account: Account, userId: unknown): unknown {
  return typeof userId === 'string' ? account.store.tables.get('users', userId)?.fields['email'] : null;
}

function completion(account: Account, status: unknown, was: unknown, actor: Actor): Values {
  if (status === was) return {};
  if (status !== 'complete') {
    return was === 'complete'
      ? { dateCompleted: null, completedByUser: null, completedByUsername: null }
      : {};
  }
  return {
    dateCompleted: new Date(account.world.clock.now()).toISOString(),
    completedByUser: actor.userId,
    completedByUsername: email(account, actor.userId),
  };
}

/** What the record becomes beside the values that were sent. */
export function settleWorkOrder(account: Account, values: Values, before: Row | null, actor: Actor): Values {
  // An order is open at creation whatever was sent; people fill the form and then set it.
  const sent: Values = before === null && !actor.person ? { ...values, status: 'open' } : { ...values };
  delete sent['decreaseInventory'];
  const status = sent['status'] ?? before?.fields['status'] ?? 'open';
  const category = sent['category'];
  const { categories } = account.dials;
  if (
    typeof category === 'string' &&
    category !== '' &&
    categories !== null &&
    !categories.includes(category)
  ) {
    if (!actor.person)
      throw new ApiError(400, `category ${category} is not one of the account's work order categories`);
    account.dials.categories = [...categories, category];
  }
  const next: Values = {
    ...(before === null ? { workOrderNo: account.store.nextWorkOrderNo() } : { updatedBy: actor.userId }),
    ...sent,
    status,
    ...completion(account, status, before?.fields['status'] ?? 'open', actor),
  };
  if (sent['location'] !== undefined) next['objectLocationForWorkOrder'] = sent['location'];
  if (sent['assignedToUser'] !== undefined) {
    const cleared = sent['assignedToUser'] === null;
    next['assignedToUsername'] = email(account, sent['assignedToUser']);
    next['assignedByUser'] = cleared ? null : actor.userId;
    next['assignedByUsername'] = cleared ? null : email(account, actor.userId);
  }
  return next;
}

function usedParts(row: Row | null): Map<string, number> {
  const used = new Map<string, number>();
  const parts = row?.fields['parts'];
  const quantities = row?.fields['respectivePartQuantityUsed'];
  if (!Array.isArray(parts)) return used;
  parts.forEach((part: string, i) => {
    const quantity: unknown = Array.isArray(quantities) ? quantities[i] : undefined;
    used.set(part, (used.get(part) ?? 0) + (typeof quantity === 'number' ? quantity : 1));
  });
  return used;
}

/** Adding parts to an order lowers their stock unless the client says `decreaseInventory: manual` (quirk 12). */
export function moveStock(account: Account, before: Row | null, after: Row): void {
  const was = usedParts(before);
  const now = usedParts(after);
  const { tables } = account.store;
  for (const id of new Set([...was.keys(), ...now.keys()])) {
    const moved = (now.get(id) ?? 0) - (was.get(id) ?? 0);
    const part = tables.get('parts', id);
    if (moved === 0 || part === undefined) continue;
    const onHand = typeof part.fields['quantity'] === 'number' ? part.fields['quantity'] : 0;
    account.store.replace('parts', part, { quantity: onHand - moved }, account.store.stamp());
  }
}
