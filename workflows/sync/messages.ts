/** Names and types of everything one can say to a connection workflow, or ask it. Senders and workflow import this one file. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Entity } from '../../domain/entities/index.ts';
import type { Counts } from '../../activities/sync/context.ts';
import type { PassRequest } from '../../activities/sync/steps.ts';

export const CONNECTION_WORKFLOW = 'connectionWorkflow';
export const SYNC_TASK_QUEUE = 'chatterfix-sync';

/** One workflow a connection, so the id is the single-writer guarantee. */
export function connectionWorkflowId(connectionId: string): string {
  return `connection/${connectionId}`;
}

export interface ConnectionInput {
  tenantId: string;
  connectionId: string;
  /** Carried over when the workflow continues as new. */
  carried?: {
    lastSweepAtMs: number;
    paused: boolean;
    reason: string | null;
    lastRun: Progress['lastRun'];
    asked: Asked[];
  };
}

/** A run that was asked for and has not begun. */
export interface Asked {
  mode: PassRequest['mode'];
  runId: string;
  entities: Entity[];
}

/** Something may have changed: at the vendor (`hint`, with the entities if known) or in the hub. */
export interface Poke {
  source: 'hint' | 'hub';
  entities: Entity[];
}

export interface SyncNow {
  mode: 'poll' | 'full' | 'sweep';
}

export interface Progress {
  state: 'idle' | 'running' | 'paused';
  reason: string | null;
  /** When it wakes by itself, and why then; null while it runs or is paused. */
  waits: { until: string; why: 'interval' | 'postponed_push' } | null;
  runId: string | null;
  entity: Entity | null;
  step: 'pull' | 'push' | 'sweep' | 'files' | null;
  /** Counters of the present run, by entity. */
  counts: Record<string, Counts>;
  lastRun: { runId: string; failure: { kind: string; message: string } | null } | null;
}

export const pokeSignal = defineSignal<[Poke]>('poke');
/** The connection's row says something else: paused, resumed, gone. */
export const lookSignal = defineSignal('look');
/** Whatever it waits for, it tries now. */
export const retrySignal = defineSignal('retry');
/** Stops the run if it is the one under way, or takes it off the list if it has not begun. */
export const cancelRunSignal = defineSignal<[{ runId: string }]>('cancelRun');
/** Asks for a run and answers with its id as soon as it has one; a run that has not begun yet is joined. */
export const syncNowUpdate = defineUpdate<{ runId: string }, [SyncNow]>('syncNow');
export const progressQuery = defineQuery<Progress>('progress');
