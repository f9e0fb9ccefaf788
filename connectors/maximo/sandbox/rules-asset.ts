/** Rules of assets and locations (contract 2.3). */
import type { Row } from './database.ts';
import type { Value } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { sentValue, type Payload } from './payload.ts';
import { checkReferences } from './references.ts';
import type { Rules, WriteContext } from './write-context.ts';

const SYSTEM = 'PRIMARY';

export const assetRules: Rules = {
  defaults(context, draft) {
    draft.status ??= context.world.domains.defaultExternal('LOCASSETSTATUS', 'NOT READY');
    draft.assetid = Number(context.world.nextNumber('assetid'));
    draft.isrunning ??= true;
    draft.disabled ??= false;
    draft.moved ??= false;
  },
  beforeRemove(context, row) {
    const link: Value[] = [row.values.assetnum ?? null, row.values.siteid ?? null];
    const used = context.world.db.find('WORKORDER', ['assetnum', 'siteid'], link).length > 0;
    if (used)
      throw new OslcError(400, null, 'The asset is used by work orders and cannot be deleted.', {
        object: 'ASSET',
      });
  },
};

/** Parentage is stored per location system; the payload's `parent` speaks of the primary one. */
function placeInHierarchy(context: WriteContext, row: Row, payload: Payload): void {
  const { db, dials } = context.world;
  const mbo = db.table('LOCATIONS').mbo;
  const parent = sentValue(mbo, payload, 'parent', dials.zoneOffset);
  if (parent === undefined) return;
  const { location = null, siteid = null, orgid = null } = row.values;
  checkReferences(context.world, mbo, { parent, siteid }, ['parent']);
  const systemid = sentValue(mbo, payload, 'systemid', dials.zoneOffset) ?? SYSTEM;
  const node = db.find('LOCHIERARCHY', ['location', 'siteid', 'systemid'], [location, siteid, systemid])[0];
  if (node === undefined) {
    if (parent !== null) db.insert('LOCHIERARCHY', { location, siteid, orgid, systemid, parent });
  } else if ((node.values.parent ?? null) !== parent)
    db.replace('LOCHIERARCHY', node, { ...node.values, parent });
  else return;
  const now = db.get('LOCATIONS', row.uid) ?? row;
  db.replace('LOCATIONS', now, { ...now.values, changedate: context.at, changeby: context.user.personId });
  context.written.push({ kind: 'updated', mbo: 'LOCATIONS' });
}

export const locationRules: Rules = {
  defaults(context, draft) {
    draft.type ??= 'OPERATING';
    draft.status ??= context.world.domains.defaultExternal('LOCASSETSTATUS', 'OPERATING');
    draft.disabled ??= false;
  },
  afterInsert: (context, row, payload) => {
    placeInHierarchy(context, row, payload);
  },
  afterUpdate: (context, row, payload) => {
    placeInHierarchy(context, row, payload);
  },
  beforeRemove(context, row) {
    const link: Value[] = [row.values.location ?? null, row.values.siteid ?? null];
    const used = ['ASSET', 'WORKORDER'].some(
      (table) => context.world.db.find(table, ['location', 'siteid'], link).length > 0,
    );
    if (used)
      throw new OslcError(400, null, 'The location is in use and cannot be deleted.', {
        object: 'LOCATIONS',
      });
  },
};
