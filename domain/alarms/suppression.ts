/**
 * Whether an alarm is suppressed by design or out of service: by the status of its asset (maintenance reference, section 3), by work
 * in progress on it, by an ancestor that is down. Facts in, actions out. What a person did is never undone here, and what was
 * done here ends by itself when its reason does.
 */
import type { ASSET_STATUSES } from '../entities/vocabulary.ts';
import type { AlarmAction, AlarmPhase } from './phases.ts';

export type AssetStatus = (typeof ASSET_STATUSES)[number];

export type HiddenReason =
  | { kind: 'asset_status'; status: AssetStatus }
  /** Number of the work order. */
  | { kind: 'work'; workOrder: string }
  | { kind: 'ancestor_down'; asset: string };

export interface SuppressionFacts {
  phase: AlarmPhase;
  /** Who put it where it is, if it is suppressed or out of service. */
  hiddenBy: 'design' | 'person' | null;
  /** The rule protects people. */
  safety: boolean;
  assetStatus: AssetStatus;
  /** A work order in progress on the asset or on one above it; null when there is none. */
  work: string | null;
  ancestorDown: string | null;
}

export interface SuppressionDecision {
  /** To carry out at one instant, in this order; only the state after the last is announced. Empty: nothing to do. */
  actions: readonly Extract<AlarmAction, 'suppress' | 'unsuppress' | 'out_of_service' | 'in_service'>[];
  /** Why it is hidden afterwards; null when it is not, or by a person. */
  reason: HiddenReason | null;
}

export function decideSuppression(facts: SuppressionFacts): SuppressionDecision {
  const { phase, hiddenBy } = facts;
  const wanted = wantedOf(facts);
  // A shelf and what a person took out of service stay; the facts are judged again when that ends.
  if (phase === 'shelved') return { actions: [], reason: null };
  if ((phase === 'suppressed' || phase === 'out_of_service') && hiddenBy !== 'design')
    return { actions: [], reason: null };
  const out =
    phase === 'suppressed'
      ? ['unsuppress' as const]
      : phase === 'out_of_service'
        ? ['in_service' as const]
        : [];
  if (wanted === null) return { actions: out, reason: null };
  const { into, reason } = wanted;
  if (phase === (into === 'suppress' ? 'suppressed' : 'out_of_service')) return { actions: [], reason };
  return { actions: [...out, into], reason };
}

function wantedOf(
  facts: SuppressionFacts,
): { into: 'suppress' | 'out_of_service'; reason: HiddenReason } | null {
  const { assetStatus, safety, work, ancestorDown } = facts;
  const treatment = ALARMS_OF_STATUS[assetStatus];
  const byStatus: HiddenReason = { kind: 'asset_status', status: assetStatus };
  if (treatment === 'out_of_service') return { into: 'out_of_service', reason: byStatus };
  if (treatment === 'suppressed') return { into: 'suppress', reason: byStatus };
  if (safety) return null;
  if (treatment === 'suppressed_except_safety') return { into: 'suppress', reason: byStatus };
  if (work !== null) return { into: 'suppress', reason: { kind: 'work', workOrder: work } };
  if (ancestorDown !== null)
    return { into: 'suppress', reason: { kind: 'ancestor_down', asset: ancestorDown } };
  return null;
}

/** What each status of an asset means for its alarms. `on_as_test`: raised with a test flag, and never escalated. */
export const ALARMS_OF_STATUS = {
  operational: 'on',
  standby: 'on',
  maintenance: 'suppressed',
  repair: 'suppressed_except_safety',
  testing: 'on_as_test',
  spare: 'out_of_service',
  retired: 'out_of_service',
  decommissioned: 'out_of_service',
} as const satisfies Record<AssetStatus, string>;

/** Whether an alarm raised now may escalate. */
export function mayEscalate(assetStatus: AssetStatus): boolean {
  return ALARMS_OF_STATUS[assetStatus] !== 'on_as_test';
}
