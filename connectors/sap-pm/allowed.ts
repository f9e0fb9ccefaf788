/** Refuses what the manifest says cannot be done, before anything is sent. */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { objectOf } from './entities.ts';
import { manifest } from './manifest.ts';

export function assertAllowed(entity: Entity, verb: 'create' | 'update'): void {
  const capability = manifest.capabilities[entity];
  if (capability[verb]) return;
  const noun = entity === 'person' ? 'person' : objectOf(entity).noun;
  throw new Failure(
    'rejected',
    `SAP cannot ${verb} a ${noun} through these services. ${capability.note ?? ''}`.trim(),
  );
}
