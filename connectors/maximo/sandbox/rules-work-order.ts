/** Rules of work orders, their log and their labor (contract 2.3, 4.5, 4.7). */
import type { Row } from './database.ts';
import type { Value } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { changeWorkOrderStatus } from './change-status.ts';
import { APPROVED_STATES } from './status-moves.ts';
import type { World } from './world.ts';
import type { Rules, WriteContext } from './write-context.ts';

export function workOrderOf(world: World, wonum: Value, siteid: Value): Row | null {
  return world.db.byKey('WORKORDER', { wonum, siteid });
}

/** Actuals are only accepted once the order is approved; the contract gives no code, "action not allowed" fits best. */
export function requireApproved(context: WriteContext, wonum: Value, siteid: Value, object: string): Row {
  const order = workOrderOf(context.world, wonum, siteid);
  const internal = context.world.domains.internal('WOSTATUS', String(order?.values.status ?? ''));
  if (order !== null && internal !== null && APPROVED_STATES.includes(internal)) return order;
  throw new OslcError(
    400,
    'BMXAA0024E',
    `The action ADD is not allowed on object ${object}: the work order is not approved.`,
    {
      object,
    },
  );
}

/** Adds a booking to the roll-ups of its order, which counts as a change of the order. */
export function rollUp(context: WriteContext, order: Row, amounts: Readonly<Record<string, number>>): void {
  const now = context.world.db.get('WORKORDER', order.uid) ?? order;
  const values = { ...now.values };
  for (const [name, amount] of Object.entries(amounts)) {
    values[name] = Math.round((Number(values[name] ?? 0) + amount) * 100) / 100;
  }
  values.changedate = context.at;
  values.changeby = context.user.personId;
  context.world.db.replace('WORKORDER', now, values);
}

/** The location follows the asset unless it is given. */
function locationFromAsset(world: World, draft: Record<string, Value>): void {
  if ((draft.assetnum ?? null) === null || (draft.location ?? null) !== null) return;
  const asset = world.db.byKey('ASSET', { assetnum: draft.assetnum ?? null, siteid: draft.siteid ?? null });
  const location = asset?.values.location ?? null;
  if (location !== null) draft.location = location;
}

export const workOrderRules: Rules = {
  defaults(context, draft) {
    const { world } = context;
    draft.wonum ??= world.nextNumber('wonum');
    draft.woclass ??= 'WORKORDER';
    draft.istask ??= false;
    draft.status = world.domains.defaultExternal('WOSTATUS', 'WAPPR');
    draft.reportdate ??= context.at;
    draft.reportedby ??= context.user.personId;
    draft.estdur ??= 0;
    draft.historyflag = false;
    draft.parentchgsstatus ??= true;
    draft.downtime ??= false;
    for (const cost of ['actlabhrs', 'actlabcost', 'actmatcost', 'acttoolcost', 'actservcost'])
      draft[cost] ??= 0;
    locationFromAsset(world, draft);
  },
  afterInsert(context, row) {
    const { world, user, at } = context;
    const { wonum, siteid, orgid, status } = row.values;
    world.db.insert('WOSTATUS', {
      wonum: wonum ?? null,
      siteid: siteid ?? null,
      orgid: orgid ?? null,
      status: status ?? null,
      changedate: at,
      changeby: user.personId,
    });
  },
  beforeUpdate(context, row, changes) {
    if ('assetnum' in changes && !('location' in changes)) {
      const draft: Record<string, Value> = {
        assetnum: changes.assetnum ?? null,
        siteid: row.values.siteid ?? null,
      };
      locationFromAsset(context.world, draft);
      const location = draft.location ?? null;
      if (location !== null && location !== row.values.location) changes.location = location;
    }
  },
  changeStatus: (context, row, status, payload) =>
    changeWorkOrderStatus(context, row, status, {
      memo: payload.np_statusmemo,
      date: payload.statusifacedate,
    }),
  beforeRemove(context, row) {
    const { world } = context;
    const { wonum, siteid } = row.values;
    const waiting = world.domains.internal('WOSTATUS', String(row.values.status)) === 'WAPPR';
    const link = [wonum ?? null, siteid ?? null];
    const booked = ['LABTRANS', 'MATUSETRANS'].some(
      (table) => world.db.find(table, ['refwo', 'siteid'], link).length > 0,
    );
    const assigned = ['ASSIGNMENT', 'FAILUREREPORT'].some(
      (table) => world.db.find(table, ['wonum', 'siteid'], link).length > 0,
    );
    if (waiting && !booked && !assigned && (row.values.pmnum ?? null) === null) return;
    throw new OslcError(400, null, `The work order ${String(wonum)} cannot be deleted; cancel it instead.`, {
      object: 'WORKORDER',
    });
  },
};

export const workLogRules: Rules = {
  defaults(context, draft) {
    draft.logtype ??= 'CLIENTNOTE';
    draft.createby ??= context.user.personId;
    draft.createdate ??= context.at;
    draft.modifydate = context.at;
    draft.modifyby = context.user.personId;
    draft.clientviewable ??= false;
  },
};

export const laborTransactionRules: Rules = {
  beforeInsert(context, draft) {
    requireApproved(context, draft.refwo ?? null, draft.siteid ?? null, 'LABTRANS');
    draft.regularhrs ??= 0;
    draft.payrate ??= 50;
    draft.craft ??= 'MECH';
    draft.transtype ??= 'WORK';
    draft.startdate ??= new Date(context.at).toISOString().slice(0, 10);
    draft.transdate = context.at;
    draft.enterdate = context.at;
    draft.enterby = context.user.personId;
    draft.linecost = Number(draft.regularhrs) * Number(draft.payrate);
  },
  afterInsert(context, row) {
    const order = workOrderOf(context.world, row.values.refwo ?? null, row.values.siteid ?? null);
    if (order === null) return;
    rollUp(context, order, {
      actlabhrs: Number(row.values.regularhrs ?? 0),
      actlabcost: Number(row.values.linecost ?? 0),
    });
  },
};
