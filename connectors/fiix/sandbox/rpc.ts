/** RpcRequest (contract 2.9): three calls always, three more when the dial `moreRpcs` says so, all others refused. */
import { nameOf } from './display.ts';
import { refused } from './fiix-error.ts';
import { checkRpc } from './rights.ts';
import { CLASS_NAMES } from './schema.ts';
import type { Row } from './store.ts';
import type { Call, Tenant } from './tenant.ts';

type Body = Readonly<Record<string, unknown>>;
type Rpc = (tenant: Tenant, parameters: Body, action: unknown) => object;

export const TIMEZONE = 'America/Toronto';
/** What a sender without keys may call. */
export const GUEST_RPCS: readonly unknown[] = ['Ping', 'GetTimezone'];

function accessibleSites({ store, dials }: Tenant): Row[] {
  const allowed = dials.permissions?.sites ?? null;
  return store
    .referring('Asset', 'bolIsSite', 1)
    .filter(({ id }) => allowed === null || allowed.includes(id));
}

function permissions(tenant: Tenant): object {
  const { permissions: denials } = tenant.dials;
  const sites = accessibleSites(tenant).map(({ id }) => id);
  const verbs = { add: 'a', change: 'c', find: 'f', remove: 'r' } as const;
  const grants = CLASS_NAMES.map((className, at) => {
    const allowed = (Object.keys(verbs) as (keyof typeof verbs)[]).filter((verb) => {
      const denied = denials?.[verb] ?? [];
      return !denied.includes(className) && !denied.includes('*');
    });
    return `r${at + 1}.grants=${allowed.map((verb) => verbs[verb]).join('')}\n`;
  });
  return {
    permissionsDescriptor: {
      isAdministrator: denials === null,
      multisiteEnabled: true,
      defaultSiteId: sites[0] ?? null,
      accessibleSiteIds: sites,
      resourceIdsByName: Object.fromEntries(
        CLASS_NAMES.map((className, at) => [`marn:cmms:tbl:tbl${className}`, at + 1]),
      ),
      permissionsByGroupId: { 1: grants.join('') },
      groupIdsBySiteId: sites.map((siteId) => ({ siteId, groupIds: [1] })),
    },
  };
}

/** The ancestors of an asset, nearest first. */
function parents({ store }: Tenant, { descendantID, pageNumber, pageSize }: Body): object {
  const rows: Row[] = [];
  let asset = store.get('Asset', descendantID);
  while (asset !== undefined && rows.length < 50) {
    const next = store.get('Asset', asset.fields['intAssetParentID'] ?? asset.fields['intAssetLocationID']);
    if (next !== undefined) rows.push(next);
    asset = next;
  }
  const size = typeof pageSize === 'number' ? pageSize : 50;
  const start = ((typeof pageNumber === 'number' ? pageNumber : 1) - 1) * size;
  const dataList = rows
    .slice(start, start + size)
    .map((row) => ({ id: row.id, strName: nameOf('Asset', row) }));
  return { dataList, totalObjects: rows.length };
}

const ALWAYS: Readonly<Record<string, Rpc>> = {
  Ping: () => ({}),
  GetTimezone: () => ({ timezone: TIMEZONE }),
  GetAccessibleSites: (tenant) => {
    const sites = accessibleSites(tenant);
    return {
      accessibleSiteIds: sites.map(({ id }) => id),
      objects: sites.map(({ id, fields }) => ({ className: 'Asset', id, strName: fields['strName'] })),
    };
  },
};

const MORE: Readonly<Record<string, Rpc>> = {
  GetPermissions: permissions,
  AssetResolved: parents,
  CustomFields: ({ dials }, _parameters, action) => {
    if (action !== 'getWorkOrderCustomFieldsMetaData') throw refused('This action is not answered.');
    return { returnObjects: dials.customFields };
  },
};

export function rpc(call: Call, body: Body): object {
  const { name, action, parameters } = body;
  const known = typeof name === 'string' ? name : '';
  const calls = call.tenant.dials.moreRpcs ? { ...ALWAYS, ...MORE } : ALWAYS;
  const run = Object.hasOwn(calls, known) ? calls[known] : undefined;
  checkRpc(call, known);
  if (run === undefined) throw refused(`There is no call "${known}".`);
  const given = typeof parameters === 'object' && parameters !== null ? (parameters as Body) : {};
  return { object: run(call.tenant, given, action) };
}
