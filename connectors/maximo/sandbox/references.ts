/** Whether the values of a row exist where they point to, each with the code of the contract's table (section 6). */
import type { Mbo, Value } from './model.ts';
import { OslcError } from './oslc-error.ts';
import type { User, World } from './world.ts';

export type Draft = Record<string, Value>;

function notInList(mbo: Mbo, name: string, value: Value): OslcError {
  return new OslcError(400, 'BMXAA4190E', `The value ${String(value)} of ${name} is not in the value list.`, {
    attribute: name,
    object: mbo.name,
  });
}

function checkAsset(world: World, mbo: Mbo, name: string, value: Value, siteid: Value): void {
  const asset = world.db.byKey('ASSET', { assetnum: value, siteid });
  const internal = world.domains.internal('LOCASSETSTATUS', String(asset?.values.status ?? ''));
  if (asset !== null && internal !== 'DECOMMISSIONED') return;
  throw new OslcError(
    400,
    'BMXAA0090E',
    `The asset ${String(value)} is not a valid asset or is not operating.`,
    {
      attribute: name,
      object: mbo.name,
    },
  );
}

function checkLocation(world: World, mbo: Mbo, name: string, value: Value, siteid: Value): void {
  if (world.db.byKey('LOCATIONS', { location: value, siteid }) !== null) return;
  throw new OslcError(400, 'BMXAA2661E', `The location ${String(value)} is not valid.`, {
    attribute: name,
    object: mbo.name,
  });
}

export function checkSite(world: World, user: User, mbo: Mbo, value: Value): string {
  const site = String(value ?? '');
  const org = world.sites.get(site);
  if (org === undefined || !user.sites.includes(site)) {
    throw new OslcError(400, 'BMXAA4153E', `The site ${site} is not a valid site.`, {
      attribute: 'siteid',
      object: mbo.name,
    });
  }
  return org;
}

/** Tables whose key is one attribute, and which one. */
const SIMPLE: Readonly<Record<string, string>> = {
  PERSON: 'personid',
  ITEM: 'itemnum',
  LABOR: 'laborcode',
  METER: 'metername',
  JOBPLAN: 'jpnum',
};

function checkOne(world: World, mbo: Mbo, name: string, table: string, draft: Draft): void {
  const value = draft[name] ?? null;
  const siteid = draft.siteid ?? null;
  if (table === 'ASSET') checkAsset(world, mbo, name, value, siteid);
  if (table === 'LOCATIONS') checkLocation(world, mbo, name, value, siteid);
  if (table === 'WORKTYPE') {
    const types = world.db.find('WORKTYPE', ['worktype', 'orgid'], [value, draft.orgid ?? null]);
    if (types.length === 0) throw notInList(mbo, name, value);
    return;
  }
  const column = SIMPLE[table];
  if (column !== undefined && world.db.find(table, [column], [value]).length === 0)
    throw notInList(mbo, name, value);
}

/** Checks the named attributes of a draft. */
export function checkReferences(world: World, mbo: Mbo, draft: Draft, names: readonly string[]): void {
  for (const name of names) {
    const attribute = mbo.attributes.get(name);
    const value = draft[name] ?? null;
    if (attribute === undefined || value === null) continue;
    if (attribute.domain !== null && world.domains.external(attribute.domain, String(value)) === null) {
      throw notInList(mbo, name, value);
    }
    const own = mbo.keys.includes(name) && attribute.refersTo === mbo.name;
    if (attribute.refersTo !== null && attribute.refersTo !== 'SITE' && !own) {
      checkOne(world, mbo, name, attribute.refersTo, draft);
    }
  }
}
