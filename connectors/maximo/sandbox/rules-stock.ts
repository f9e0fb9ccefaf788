/** Rules of items, stock, issued material, people and maintenance plans (contract 2.3). */
import type { Value } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { requireApproved, rollUp, workOrderOf } from './rules-work-order.ts';
import { ITEM_SET } from './world.ts';
import type { Rules, WriteContext } from './write-context.ts';

export const itemRules: Rules = {
  defaults(context, draft) {
    draft.itemtype ??= 'ITEM';
    draft.status ??= context.world.domains.defaultExternal('ITEMSTATUS', 'ACTIVE');
    draft.rotating ??= false;
    draft.lottype ??= 'NOLOT';
    draft.issueunit ??= 'EACH';
    draft.orderunit ??= draft.issueunit;
  },
};

export const inventoryRules: Rules = {
  defaults(context, draft) {
    draft.category ??= 'STK';
    draft.costtype ??= 'AVERAGE';
    draft.status ??= context.world.domains.defaultExternal('ITEMSTATUS', 'ACTIVE');
    draft.minlevel ??= 0;
    draft.orderqty ??= 1;
    draft.reorder ??= true;
    draft.issueytd = 0;
  },
};

const STOCK = ['itemnum', 'itemsetid', 'location', 'siteid'] as const;

function moveBalance(context: WriteContext, key: Value[], quantity: number): void {
  const bin = context.world.db.find('INVBALANCES', STOCK, key)[0];
  if (bin === undefined) return;
  context.world.db.replace('INVBALANCES', bin, {
    ...bin.values,
    curbal: Number(bin.values.curbal ?? 0) + quantity,
  });
}

/** A positive quantity of an issue is stored negative; once booked it neither changes nor goes away, only a return balances it. */
export const materialRules: Rules = {
  beforeInsert(context, draft) {
    requireApproved(context, draft.refwo ?? null, draft.siteid ?? null, 'MATUSETRANS');
    draft.issuetype ??= 'ISSUE';
    draft.itemsetid ??= ITEM_SET;
    const amount = Math.abs(Number(draft.quantity ?? 0));
    const quantity = draft.issuetype === 'RETURN' ? amount : -amount;
    draft.quantity = quantity;
    const key: Value[] = [
      draft.itemnum ?? null,
      draft.itemsetid,
      draft.storeloc ?? null,
      draft.siteid ?? null,
    ];
    if (context.world.db.find('INVENTORY', STOCK, key).length === 0) {
      throw new OslcError(400, 'BMXAA4190E', `The item is not stocked in ${String(draft.storeloc)}.`, {
        attribute: 'storeloc',
        object: 'MATUSETRANS',
      });
    }
    draft.unitcost ??= context.world.db.find('INVCOST', STOCK, key)[0]?.values.avgcost ?? 0;
    draft.linecost = -quantity * Number(draft.unitcost);
    draft.actualdate ??= context.at;
    draft.transdate = context.at;
    draft.enterby = context.user.personId;
    moveBalance(context, key, quantity);
  },
  afterInsert(context, row) {
    const order = workOrderOf(context.world, row.values.refwo ?? null, row.values.siteid ?? null);
    if (order !== null) rollUp(context, order, { actmatcost: Number(row.values.linecost ?? 0) });
  },
  beforeUpdate(_context, _row, changes) {
    for (const name of Object.keys(changes)) delete changes[name];
  },
  beforeRemove() {
    throw new OslcError(400, 'BMXAA1872E', 'Posted material cannot be deleted.', { object: 'MATUSETRANS' });
  },
};

export const personRules: Rules = {
  defaults(context, draft) {
    draft.status ??= context.world.domains.defaultExternal('PERSONSTATUS', 'ACTIVE');
    draft.displayname ??= [draft.firstname, draft.lastname]
      .filter((part) => part !== undefined && part !== null)
      .join(' ');
  },
};

export const laborRules: Rules = {
  defaults(context, draft) {
    draft.orgid ??= context.world.sites.get(context.user.sites[0] ?? '') ?? null;
    draft.personid ??= draft.laborcode ?? null;
    draft.status ??= 'ACTIVE';
  },
};

export const planRules: Rules = {
  defaults(context, draft) {
    draft.status ??= context.world.domains.defaultExternal('PMSTATUS', 'DRAFT');
    draft.frequency ??= 0;
    draft.frequnit ??= 'DAYS';
    draft.wostatus ??= context.world.domains.defaultExternal('WOSTATUS', 'WSCH');
    draft.usetargetdate ??= false;
    draft.pmcounter = 0;
  },
};
