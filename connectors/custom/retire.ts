/** Taking records of a described system out of use, and back, by the calls that its document names for that. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import type { RetireOp, RetireOutcome, WriteOutcome } from '../kit/contract.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import { assertRetirable, retiredBy } from '../kit/retire.ts';
import type { Client } from './client.ts';
import type { Definition, Resource, RetireDefinition } from './definition.ts';
import { isMissing } from './failures.ts';
import { manifestOf } from './manifest.ts';
import { at, fill } from './place.ts';
import type { Reader } from './read.ts';
import { addressOf } from './record.ts';

export function createRetirer(client: Client, reader: Reader, definition: Definition) {
  const manifest = manifestOf(definition);

  async function move(
    entity: Entity,
    { externalId }: RetireOp,
    { out, callOf }: { out: boolean; callOf: (way: RetireDefinition) => RetireDefinition['back'] },
  ): Promise<RetireOutcome> {
    assertRetirable(manifest, entity);
    const way = definition.resources[entity]?.retire;
    const record = await reader.readOne(entity, externalId);
    if (way === undefined || record === null) return { outcome: 'missing' };
    if (isRetired(way, record.raw) === out) return { outcome: 'done', record, undo: null };
    const call = callOf(way);
    // No way back is told by the manifest, and then nobody asks for it.
    if (call === undefined) return { outcome: 'done', record, undo: null };
    const outcome = await send(entity, externalId, call);
    return retiredBy(outcome, null, (raw) => isRetired(way, raw) === out);
  }

  async function send(
    entity: Entity,
    externalId: string,
    call: NonNullable<RetireDefinition['back']>,
  ): Promise<WriteOutcome> {
    const { method, path, body } = call;
    try {
      await client.send({
        method,
        path: addressOf(path, externalId),
        ...(body === undefined ? {} : { body: fill(body, { id: externalId }) }),
        repeatable: false,
      });
      const record = await reader.readOne(entity, externalId);
      return record === null
        ? { key: externalId, outcome: 'missing' }
        : { key: externalId, outcome: 'done', record, comments: [] };
    } catch (error) {
      return isMissing(error)
        ? { key: externalId, outcome: 'missing' }
        : outcomeOf(externalId, toFailure(error));
    }
  }

  return {
    retire: (entity: Entity, op: RetireOp): Promise<RetireOutcome> =>
      move(entity, op, { out: true, callOf: (way) => way }),
    reinstate: (entity: Entity, op: RetireOp & { undo: JsonObject | null }): Promise<RetireOutcome> =>
      move(entity, op, { out: false, callOf: (way) => way.back }),
  };
}

function isRetired({ shown }: NonNullable<Resource['retire']>, raw: JsonObject): boolean {
  const value = at(raw, shown.path);
  return shown.values.some((one) => one === value);
}
