/** The rules of WorkOrder: number, dates, status with its group and history (contract 3.2, 3.4). Any status may follow any other. */
import { refused } from './fiix-error.ts';
import type { Row, Value } from './store.ts';
import type { Call } from './tenant.ts';
import type { Values, Writing } from './writing.ts';
import { refreshWorkOrder } from './work-order-texts.ts';

const CLOSED = 102;
const LOCATION = 1;

function groupOf({ tenant }: Call, status: unknown): number | null {
  const group = tenant.store.get('WorkOrderStatus', status)?.fields['intControlID'];
  return typeof group === 'number' ? group : null;
}

/** A site, or another location (contract 3.2). */
function checkSite({ tenant }: Call, id: Value | null | undefined): void {
  const site = tenant.store.get('Asset', id);
  if (site !== undefined && site.fields['intSuperCategorySysCode'] !== LOCATION) {
    throw refused('intSiteID must be a site or a facility.');
  }
}

function closing({ call, values, before }: Writing): Values {
  const { dials, world } = call.tenant;
  const status = values['intWorkOrderStatusID'];
  if (status === undefined || status === null) return {};
  const group = groupOf(call, status);
  const changed = status !== before?.fields['intWorkOrderStatusID'];
  if (changed && group === CLOSED && !call.actor.person) {
    const notes = values['strCompletionNotes'] ?? before?.fields['strCompletionNotes'];
    if (dials.notesForced && notes === undefined) {
      throw refused('Completion notes are needed to close a work order.');
    }
  }
  const dated = values['dtmDateCompleted'] ?? before?.fields['dtmDateCompleted'];
  const completes = changed && group === CLOSED && dials.closeSetsCompleted && dated === undefined;
  return {
    intWorkOrderStatusGroup: group,
    statusId: status,
    ...(completes ? { dtmDateCompleted: world.clock.now() } : {}),
  };
}

export function settleWorkOrder(writing: Writing): Values {
  const { call, values, before } = writing;
  const { store, dials, world } = call.tenant;
  if (Object.hasOwn(values, 'intSiteID')) checkSite(call, values['intSiteID']);
  const wasClosed = before !== null && groupOf(call, before.fields['intWorkOrderStatusID']) === CLOSED;
  if (wasClosed && dials.closedLocked && !call.actor.person) {
    throw refused('A closed work order cannot be changed.');
  }
  const now = world.clock.now();
  const common = {
    ...values,
    ...closing(writing),
    dtmDateLastModified: now,
    intLastModifiedByUserID: call.actor.userId,
  };
  if (before !== null) return common;
  const number = store.nextCode('WorkOrder');
  return {
    ...common,
    strCode: String(number),
    dtmDateCreated: values['dtmDateCreated'] ?? now,
    bolLocked: 0,
    strUuid: `f11c5a4d-3000-4000-8000-${String(number).padStart(12, '0')}`,
  };
}

/** Each change of status leaves a row of history; the texts follow what they are made of. */
export function followWorkOrder(call: Call, before: Row | null, after: Row | null): void {
  if (after === null) return;
  const { store, world } = call.tenant;
  const [from, to] = [before, after].map((row) => row?.fields['intWorkOrderStatusID']);
  if (before !== null && from !== to) {
    store.add('WorkOrderStatusTransition', {
      intWorkOrderID: after.id,
      intFromWorkOrderStatusID: from,
      intToWorkOrderStatusID: to,
      intUserID: call.actor.userId,
      dtmDate: world.clock.now(),
    });
  }
  if (before?.fields['intCompletedByUserID'] !== after.fields['intCompletedByUserID']) {
    refreshWorkOrder(store, after.id, true);
  }
}
