/** First step of a pull: vendor records to canonical candidates. What cannot be mapped goes to quarantine, the rest goes on. */
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { RecordMeta } from '../../../store/links/staging.ts';
import type { ApplyContext, Candidate, Counts, Incoming } from '../context.ts';
import { count } from '../context.ts';

export async function mapRecords(
  context: ApplyContext,
  incoming: readonly Incoming[],
  counts: Counts,
): Promise<Candidate[]> {
  const { deps, tx, scope, mapping, config } = context;
  const candidates: Candidate[] = [];
  const bad: { incoming: Incoming; problems: Json }[] = [];
  for (const record of incoming) {
    const result =
      record.mapped ?? mapping.pullNow(record.raw, config) ?? (await mapping.pull(record.raw, config));
    if (result.ok) {
      candidates.push({ incoming: record, fields: result.fields, comments: result.comments });
      continue;
    }
    bad.push({ incoming: record, problems: result.problems.map((problem) => ({ ...problem })) });
    if (record.pushed !== undefined) {
      // Our own write was applied: without its link the record would be created once more.
      candidates.push({
        incoming: record,
        fields: record.pushed.values,
        comments: [],
        resolved: true,
        incomplete: true,
      });
    }
  }
  if (bad.length > 0) {
    const discarded = await deps.repo.quarantine.discardedContents(
      tx,
      scope.connectionId,
      scope.entity,
      bad.map(({ incoming: { meta } }) => ({ externalId: meta.externalId, hash: meta.hash })),
    );
    await deps.repo.quarantine.add(
      tx,
      scope,
      'pull',
      bad.flatMap(({ incoming: { meta, raw }, problems }) =>
        discarded.has(meta.externalId)
          ? []
          : [{ id: deps.newId(), subject: meta.externalId, rawHash: meta.hash, data: raw, problems }],
      ),
    );
    await deps.repo.runs.logRecords(
      tx,
      scope,
      'pull',
      bad.map(({ incoming: record, problems }) => ({
        externalId: record.meta.externalId,
        hubId: record.pushed?.hubId ?? null,
        action: 'quarantined',
        // A replay needs what the vendor said about the record beside its body: address, version, number.
        decisions: { problems, record: spelledOut(record.meta) },
      })),
    );
    count(counts, 'quarantined', bad.filter(({ incoming: { pushed } }) => pushed === undefined).length);
  }
  return candidates;
}

function spelledOut({ kept, ...meta }: RecordMeta): JsonObject {
  return kept === undefined ? meta : { ...meta, kept: { ...kept } };
}
