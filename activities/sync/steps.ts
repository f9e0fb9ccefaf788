/** What the sync workflows and activities say to each other: ids, counts and small facts, never records. Types only. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Counts } from './context.ts';

export interface ConnectionRef {
  tenantId: string;
  connectionId: string;
}
export interface EntityStep extends ConnectionRef {
  runId: string;
  entity: Entity;
}
/** What woke the connection: its interval (everything), a vendor's hint (some entities), the hub (pushes only), or a person. */
export interface PassRequest {
  mode: 'poll' | 'hint' | 'hub' | 'full' | 'sweep';
  /** For `hint`: what to pull. */
  entities: Entity[];
}
export interface PassStep {
  entity: Entity;
  pull: boolean;
  push: boolean;
  sweep: boolean;
}
export interface PassPlan {
  state: 'active' | 'paused';
  reason: string | null;
  pollMs: number;
  /** In dependency order. */
  steps: PassStep[];
  /** Entities with files that are due already; a pull or push may add to them. */
  files: Entity[];
  /** The vendor's schema is looked at first. */
  discover: boolean;
  /** The system is greeted first: it was never reached, or settings are open that it may tell; the plan is made anew with them. */
  greet: boolean;
}
export interface StepResult {
  counts: Counts;
  hubChanged: boolean;
  complete: boolean;
  /** There are files of this entity to look at or to send. */
  filesDue: boolean;
}
