/** The tree of a plant's locations. Each location is a plain record. */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { repositories } from '../../store/index.ts';
import { loadTree } from '../../store/hub/plain-references.ts';
import type { PersonDeps } from '../person.ts';
import { LOCATION } from '../records/plain-records-kinds.ts';
import { requirePlain } from '../records/plain-records.ts';

/** One answer's worth; a larger plant is read branch by branch. */
export const TREE_NODES_MAX = 5_000;
export const TREE_DEPTH_MAX = 20;

export interface LocationNode {
  id: string;
  number: string;
  code: string | null;
  name: string;
  kind: string | null;
  children: LocationNode[];
}

/** Below `root`, itself included, or the whole plant. */
export async function locationTree(
  deps: PersonDeps,
  query: { root: string | null; depth: number },
): Promise<LocationNode[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const root = query.root === null ? null : await requirePlain(tx, deps.tenantId, LOCATION, query.root);
    const bounds = { depth: query.depth, limit: TREE_NODES_MAX + 1 };
    const rows = await loadTree(tx, deps.tenantId, 'location', root, bounds);
    if (rows.length > TREE_NODES_MAX) {
      throw new Failure(
        'invalid_request',
        `The tree has more than ${String(TREE_NODES_MAX)} locations; ask for a branch (root) or for less depth.`,
        { path: 'depth' },
      );
    }
    const records = await repositories.hubRecords.load(
      tx,
      rows.map(({ id }) => id),
    );
    const nodes = new Map<string, LocationNode>();
    const top: LocationNode[] = [];
    // Level by level: a parent comes before what is below it.
    for (const { id, parent, depth } of rows) {
      const record = records.get(id);
      if (record === undefined) continue;
      const node = { id, number: record.number, ...words(record.fields), children: [] };
      nodes.set(id, node);
      if (depth === 0) top.push(node);
      else nodes.get(parent ?? '')?.children.push(node);
    }
    return top;
  });
}

function words(fields: JsonObject): Pick<LocationNode, 'code' | 'name' | 'kind'> {
  const { code, name, kind } = fields as { code?: string; name: string; kind?: string };
  return { code: code ?? null, name, kind: kind ?? null };
}
