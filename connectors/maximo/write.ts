/** Writing: which path an entity's writes take. The paths themselves are create.ts, update.ts and meter-write.ts. */
import type { JsonObject } from '../../domain/json.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type {
  CreateOp,
  ExternalRecord,
  FoundCreated,
  UpdateOp,
  WriteOutcome,
  WriteStep,
} from '../kit/contract.ts';
import { create, findCreated } from './create.ts';
import { manifest } from './manifest.ts';
import { updateMeters } from './meter-write.ts';
import { createReferenceLengths } from './reference.ts';
import { foresee, update } from './update.ts';
import type { WriteDeps } from './update.ts';

export function createWriter(deps: WriteDeps) {
  const referenceLengths = createReferenceLengths(deps);

  /** Null when the connector does that; otherwise why it does not. */
  function refusal(entity: Entity, verb: 'create' | 'update' | 'remove'): Failure | null {
    const capability = manifest.capabilities[entity];
    if (capability[verb]) return null;
    const why = capability.note === undefined ? '' : ` ${capability.note}`;
    return new Failure('rejected', `This connector does not ${verb} records of ${entity} in Maximo.${why}`);
  }

  return {
    async create(entity: Entity, ops: readonly CreateOp[]): Promise<WriteOutcome[]> {
      const failure = refusal(entity, 'create');
      if (failure !== null) return ops.map(({ key }) => ({ key, outcome: 'rejected', failure }));
      return ops.length === 0 ? [] : create({ ...deps, referenceLengths }, entity, ops);
    },

    async update(entity: Entity, ops: readonly UpdateOp[]): Promise<WriteOutcome[]> {
      const failure = refusal(entity, 'update');
      if (failure !== null) return ops.map(({ key }) => ({ key, outcome: 'rejected', failure }));
      if (ops.length === 0) return [];
      return entity === 'meter' ? updateMeters(deps, ops) : update(deps, entity, ops);
    },

    async foresee(
      entity: Entity,
      record: ExternalRecord,
      payload: JsonObject,
    ): Promise<readonly WriteStep[]> {
      const failure = refusal(entity, 'update');
      if (failure !== null) throw failure;
      if (entity === 'meter') return [{ name: 'change', fields: Object.keys(payload) }];
      return foresee(deps, entity, record, payload);
    },

    async findCreated(entity: Entity, ops: readonly CreateOp[]): Promise<FoundCreated[]> {
      return ops.length === 0 ? [] : findCreated(deps, entity, ops);
    },

    /** Maximo itself decides what may be deleted (contract 4.5): orders only while waiting for approval and unused. */
    async remove(entity: Entity, externalId: string): Promise<void> {
      const refused = refusal(entity, 'remove');
      if (refused !== null) throw new Failure('invalid_request', refused.message);
      // Rest ids can change over upgrades (3.1), so the address is read anew.
      const found = (await deps.reader.addresses(entity, [externalId])).get(externalId);
      if (found?.address == null) return;
      try {
        await deps.client.remove(found.address);
      } catch (error) {
        const failure = toFailure(error);
        if (failure.kind === 'not_found') return;
        if (failure.kind !== 'rejected') throw failure;
        throw new Failure(
          'rejected',
          `Maximo refuses to delete ${externalId}: ${failure.message} ${adviceOf(entity)}`,
          {
            ...(failure.code === null ? {} : { code: failure.code }),
          },
        );
      }
    },
  };
}

function adviceOf(entity: Entity): string {
  if (entity === 'work_order')
    return 'Cancel it instead; Maximo deletes only unused orders that wait for approval.';
  if (entity === 'asset' || entity === 'location') return 'Set its status to DECOMMISSIONED instead.';
  return 'Close it instead.';
}
