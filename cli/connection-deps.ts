/** What operations of a person need that reach Temporal and the systems. */
import type { ConnectionDeps } from '../plant/connections/connections.ts';
import { createConnectionActions } from './connection-actions.ts';
import { personDeps } from './person-deps.ts';
import type { Program } from './wiring.ts';

export function connectionDeps(program: Program, tenantId: string): ConnectionDeps {
  return { ...personDeps(program.sync, tenantId), actions: createConnectionActions(program) };
}
