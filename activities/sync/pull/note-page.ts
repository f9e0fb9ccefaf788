/**
 * What a page says beside its records: rows that are no records, and that the walk may have missed some. The first wait in
 * quarantine, the second is told with the run; neither holds up what is good.
 */
import { hash } from 'node:crypto';
import { UNIDENTIFIED } from '../../../domain/entities/unidentified.ts';
import type { BrokenRecord, PullPage } from '../../../connectors/kit/contract.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { storableJson, storableText } from '../../../domain/kernel/text.ts';
import type { Tx } from '../../../store/index.ts';
import type { QuarantineWrite } from '../../../store/exceptions/exceptions.ts';
import type { Counts } from '../context.ts';
import type { EntityWork } from '../entity-work.ts';

export async function notePage(work: EntityWork, tx: Tx, page: PullPage): Promise<Counts> {
  const { deps, scope } = work;
  const at = new Date(deps.now()).toISOString();
  const broken = (page.broken ?? []).map((one) => brokenRow(one, deps.newId()));
  const counts: Counts = {};
  if (broken.length > 0) {
    await deps.repo.quarantine.add(tx, { ...scope, at }, 'pull', broken);
    await deps.repo.runs.logRecords(
      tx,
      { ...scope, at },
      'pull',
      broken.map(({ subject, problems }) => ({
        externalId: subject,
        hubId: null,
        action: 'quarantined',
        decisions: { problems },
      })),
    );
    // They came in as well: what a page brought is accounted for to the last row.
    Object.assign(counts, { in: broken.length, quarantined: broken.length });
  }
  if (page.incomplete !== undefined) {
    await sayIncomplete(work, tx, page.incomplete);
    counts['incomplete'] = 1;
  }
  if (Object.keys(counts).length > 0) await deps.repo.runs.addCounts(tx, scope.runId, scope.entity, counts);
  return counts;
}

/** Told with the run, whatever comes of it. */
export async function sayIncomplete({ deps, scope }: EntityWork, tx: Tx, message: string): Promise<void> {
  const at = new Date(deps.now()).toISOString();
  await deps.repo.runs.logRecords(tx, { ...scope, at }, 'pull', [
    { externalId: null, hubId: null, action: 'incomplete', decisions: { message: storableText(message) } },
  ]);
}

/** A row without an identity is known by its content, so that the same one is not set aside twice. */
function brokenRow(
  { externalId, failure, raw }: BrokenRecord,
  id: string,
): QuarantineWrite & { problems: JsonObject[] } {
  const data = storableJson(raw);
  const digest = hash('sha256', JSON.stringify(data)).slice(0, 16);
  return {
    id,
    subject: externalId === null ? `${UNIDENTIFIED}${digest}` : storableText(externalId),
    rawHash: null,
    data,
    problems: [{ path: failure.path ?? '', message: failure.message, rule: failure.code ?? failure.kind }],
  };
}
