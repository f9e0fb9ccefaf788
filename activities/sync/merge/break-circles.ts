/**
 * Systems let people say that A stands below B and B below A; the hub, and most other systems, cannot hold that, and a record
 * would wait for ever for the one above it. The circle is opened at one place: the record with the last id of those that came
 * keeps no parent, and the run says so. What was repaired at the source is read again.
 */
import { circlesOf } from '../../../domain/entities/circles.ts';
import { ENTITY_DEFINITIONS } from '../../../domain/entities/index.ts';
import type { ApplyContext, Candidate, Counts } from '../context.ts';
import { count } from '../context.ts';

const PARENT = 'parent';

export async function breakCircles(
  context: ApplyContext,
  candidates: readonly Candidate[],
  ids: ReadonlyMap<string, string>,
  counts: Counts,
): Promise<Candidate[]> {
  const { deps, tx, scope } = context;
  const { references } = ENTITY_DEFINITIONS[scope.entity];
  if (!(PARENT in references) || references[PARENT] !== scope.entity) return [...candidates];
  const byHub = new Map<string, Candidate>();
  const above = new Map<string, string>();
  for (const candidate of candidates) {
    const id = ids.get(candidate.incoming.meta.externalId);
    const parent = candidate.fields[PARENT];
    if (id === undefined) continue;
    byHub.set(id, candidate);
    if (typeof parent === 'string') above.set(id, parent);
  }
  const outside = [...new Set(above.values())].filter((id) => !byHub.has(id));
  for (const { id, parent } of await deps.repo.hubRecords.ancestors(tx, outside))
    if (!byHub.has(id)) above.set(id, parent);
  const circles = circlesOf(above);
  if (circles.length === 0) return [...candidates];
  const opened = new Set(circles.flatMap((circle) => lastOf(circle, byHub)));
  await tell(context, opened, ids, counts);
  return candidates.map((candidate) => {
    if (!opened.has(candidate)) return candidate;
    const { [PARENT]: _dropped, ...fields } = candidate.fields;
    return { ...candidate, fields, incomplete: true };
  });
}

/** None where the circle is the hub's own: nothing that came is part of it. */
function lastOf(circle: readonly string[], byHub: ReadonlyMap<string, Candidate>): Candidate[] {
  const members = circle.flatMap((id) => byHub.get(id) ?? []);
  const last = members.sort((a, b) => (externalId(a) < externalId(b) ? 1 : -1))[0];
  return last === undefined ? [] : [last];
}

function externalId({ incoming }: Candidate): string {
  return incoming.meta.externalId;
}

/** Once: what stands without a parent already is no news. */
async function tell(
  { deps, tx, scope }: ApplyContext,
  opened: ReadonlySet<Candidate>,
  ids: ReadonlyMap<string, string>,
  counts: Counts,
): Promise<void> {
  const hubIds = [...opened].map((candidate) => ids.get(externalId(candidate)) ?? '');
  const before = await deps.repo.hubRecords.load(tx, hubIds);
  const news = [...opened].filter((candidate) => {
    const hub = before.get(ids.get(externalId(candidate)) ?? '');
    return hub === undefined || hub.fields[PARENT] !== undefined;
  });
  await deps.repo.runs.logRecords(
    tx,
    scope,
    'pull',
    news.map((candidate) => ({
      externalId: externalId(candidate),
      hubId: ids.get(externalId(candidate)) ?? null,
      action: 'circle',
      decisions: {
        message: `${externalId(candidate)} stands below itself there, over its parents; it has no parent here until that is mended.`,
      },
    })),
  );
  if (news.length > 0) count(counts, 'circles_opened', news.length);
}
