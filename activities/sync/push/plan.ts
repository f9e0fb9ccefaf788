/** What a batch of pushes is to do at the vendor: decided writes, each with what its decision was based on. */
import type { CreateOp, UpdateOp } from '../../../connectors/kit/contract.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { HeldPaths } from '../../../domain/merge/held-values.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { Link } from '../../../store/links/links.ts';
import type { RawPlace } from '../../../store/links/raw-pages.ts';
import type { StoredUpdateIntent } from '../../../store/links/update-intents.ts';

export interface PlannedCreate {
  op: CreateOp;
  hub: HubRecord;
  fields: ReadonlySet<string>;
  /** Left out because they refer to what this system cannot hold. */
  withheld: ReadonlySet<string>;
  /**
   * Null for a first try. Else an earlier one may have created it, so it is searched first; when it is not found it is
   * created, waits because the vendor may not show it yet, or is left to the next push.
   */
  resumed: null | 'create' | 'wait' | 'leave';
  /** What to send now; the operation holds what an earlier try sent, because that is what it is found by. */
  payload: JsonObject;
}

export interface PlannedUpdate {
  op: UpdateOp;
  hub: HubRecord;
  fields: ReadonlySet<string>;
  withheld: ReadonlySet<string>;
  /** What a person is deciding: there the payload holds the vendor's own value. */
  held: HeldPaths;
  /** When it is stale once more, this pass has no further try for it. */
  lastTry: boolean;
  /** What is known as ours until the outcome is known. */
  intent: StoredUpdateIntent;
  /** An earlier try of the record is open too: what it left there is not told by the outcome of this one. */
  again: boolean;
  /** Where the vendor's record that the decision was based on is kept; null when its content is not known. */
  lastShown: RawPlace | null;
}

/** `remove`: deleted there; `retire`: taken out of use in the system's own way; `reinstate`: the way back. */
export type RemovalWay = 'remove' | 'retire' | 'reinstate';

export interface PlannedRemoval {
  way: RemovalWay;
  hub: HubRecord;
  link: Link;
}

export interface Plan {
  creates: PlannedCreate[];
  updates: PlannedUpdate[];
  removals: PlannedRemoval[];
}

export type Planned = (PlannedCreate & { create: true }) | (PlannedUpdate & { create: false });
