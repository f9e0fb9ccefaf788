/** What a pass has to do with each entity: by what woke it, what the connection may do, and what is queued. Pure. */
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import type { EntityCapability } from '../../connectors/kit/contract.ts';
import type { PassRequest, PassStep } from './steps.ts';

/** The facts of one entity; none when it has no mapping. */
export interface EntityFacts {
  /** How the system is read; `none` when a setting switched that off. */
  pull: EntityCapability['pull'];
  /** Whether anything may be written there. */
  push: boolean;
  /** How the system is read by what it can do, whatever the settings say: what it has can be searched for deletions. */
  keys: EntityCapability['pull'];
  /** Pushes are queued or about to be. */
  queued: boolean;
  /** It is read from the start once more before anything is written. */
  awaitsReading: boolean;
}

export function planPass(request: PassRequest, facts: ReadonlyMap<Entity, EntityFacts>): PassStep[] {
  return ENTITIES.flatMap((entity): PassStep[] => {
    const known = facts.get(entity);
    if (known === undefined) return [];
    const pull = known.pull !== 'none' && wantsPull(request, entity, known.pull);
    const push = known.push && request.mode !== 'sweep' && (pull || (known.queued && !known.awaitsReading));
    const sweep = request.mode === 'sweep' && known.keys !== 'none';
    return pull || push || sweep ? [{ entity, pull, push, sweep }] : [];
  });
}

/** A hint names its entities; the hub's own changes need no pull at all, the push looks at the record before it writes. */
function wantsPull(request: PassRequest, entity: Entity, pull: 'incremental' | 'full'): boolean {
  switch (request.mode) {
    case 'hub':
    case 'sweep':
      return false;
    case 'hint':
      return request.entities.length === 0 ? pull === 'incremental' : request.entities.includes(entity);
    case 'poll':
    case 'full':
      return true;
  }
}
