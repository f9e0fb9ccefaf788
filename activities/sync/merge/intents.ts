/** Where the merge starts while a write of ours is under way, and what becomes of that write once the record was seen. */
import { replaceReferences, referencesOf } from '../../../domain/entities/references.ts';
import { jsonEqual, type Json, type JsonObject } from '../../../domain/json.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { alikeForVendor } from '../../../domain/merge/alike.ts';
import { decideWithIntent, type IntentDecision } from '../../../domain/merge/update-intent.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { StoredUpdateIntent } from '../../../store/links/update-intents.ts';
import type { ApplyContext, Candidate } from '../context.ts';
import type { Bases } from './merge-bases.ts';

export interface Intended {
  intent: StoredUpdateIntent;
  decision: IntentDecision;
}

export async function lookAtIntent(
  context: ApplyContext,
  { fields: external }: Candidate,
  known: { hub: HubRecord; bases: Bases; intent: StoredUpdateIntent | undefined },
): Promise<Intended | null> {
  const { hub, bases, intent } = known;
  if (intent === undefined) return null;
  const { shapes } = context.mapping;
  const decision = decideWithIntent({
    ...bases,
    intent,
    hub: hub.fields,
    external,
    alike: await alikeNow(context, intent, hub, external),
    shapes,
    refused: intent.state === 'refused',
    // Whether there is a way back is told by the vendor when it is asked to go it.
    canGoBack: true,
    attemptsMax: LIMITS.updateTriesMax,
  });
  return { intent, decision };
}

/** What the vendor cannot tell from what we wanted. */
async function alikeNow(
  context: ApplyContext,
  { wanted, touched }: StoredUpdateIntent,
  hub: HubRecord,
  external: JsonObject,
): Promise<Set<string>> {
  const { deps, tx, scope, mapping, config } = context;
  const referred = [wanted, external, hub.fields].flatMap((fields) => referencesOf(scope.entity, fields));
  const ids = await deps.repo.links.resolveHubIds(tx, scope.connectionId, [
    ...new Set(referred.map(({ value }) => value)),
  ]);
  const payloadOf: PayloadOf = async (field, value) => {
    const fields = { ...hub.fields, ...wanted, [field]: value };
    const outward = replaceReferences(scope.entity, fields, (reference) => ids.get(reference.value) ?? null);
    const mapped = await mapping.push(outward, new Set([field]), config);
    return mapped.ok ? mapped.payload : null;
  };
  const fields = touched.filter(
    (field) => mapping.pullFields.includes(field) && mapping.pushFields.includes(field),
  );
  const { shapes } = mapping;
  const alike = await alikeForVendor({ ours: wanted, theirs: external, fields, shapes, payloadOf });
  for (const field of fields)
    if ((external[field] ?? null) === null && (await isEmptyThere(field, wanted, payloadOf)))
      alike.add(field);
  return alike;
}

type PayloadOf = (field: string, value: Json) => Promise<Json | null>;

/** A word that the vendor stores as nothing at all: the priority `none` where an order may have no priority. */
async function isEmptyThere(field: string, wanted: JsonObject, payloadOf: PayloadOf): Promise<boolean> {
  const ours = wanted[field] ?? null;
  if (ours === null) return false;
  // Where the plant's own list of words has no entry for it, the connector writes nothing, which the mapping cannot know.
  if (ours === 'none') return true;
  const sent = await payloadOf(field, ours);
  return sent !== null && jsonEqual(sent, (await payloadOf(field, null)) ?? undefined);
}

/** The write that takes back what a refusal left half-way. */
export function takeBackOf(
  { intent }: Intended,
  values: JsonObject,
  external: JsonObject,
  at: string,
): StoredUpdateIntent {
  const shown = Object.fromEntries(intent.touched.map((field) => [field, external[field] ?? null]));
  return {
    hubId: intent.hubId,
    state: 'taking_back',
    fields: Object.keys(values),
    touched: intent.touched,
    wanted: { ...shown, ...values },
    before: shown,
    payload: {},
    steps: [],
    refused: intent.wanted,
    begunAt: at,
    attempt: 0,
  };
}
