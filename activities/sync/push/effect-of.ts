/** What follows from the outcome of one write: for the queue, its intent, the link, quarantine and the counts. Pure. */
import type {
  CommentOutcome,
  ExternalRecord,
  WriteOutcome,
  WriteProgress,
} from '../../../connectors/kit/contract.ts';
import type { Failure } from '../../../domain/kernel/failure.ts';
import type { PushedState } from '../context.ts';
import type { Planned, PlannedUpdate } from './plan.ts';

/** A record that the vendor showed with its answer, and what it means for the merge. */
export type Shown =
  | { as: 'answer'; record: ExternalRecord; pushed: PushedState }
  /** Refused: what differs stays as it is until somebody changes it or replays. */
  | { as: 'refused'; record: ExternalRecord; pushed: PushedState | null; hubVersion: number }
  /** It changed there since we read it: met like any record that was read. */
  | { as: 'read'; record: ExternalRecord };

export interface Effect {
  key: string;
  /** `leave`: the queue keeps it and it is due; `postpone`: later. */
  queue: 'drop' | 'postpone' | 'leave';
  /** Whether the intent to create is over: made, surely not made, or refused. */
  intentOver: boolean;
  /** What becomes of the intent to update. `keep`: what the record shows next may be ours. */
  update: UpdateEnd;
  shown: Shown | null;
  /** The link's record is not there any more. */
  gone: boolean;
  rejected: Failure | null;
  /** What a refusal left half-way is as it was before; the refusal itself still waits for a person. */
  takenBack: boolean;
  /** The last try of the pass was in vain, as those before it: it changed there each time, or nobody knows what came of it. */
  inVain: InVain | null;
  counted: readonly string[];
}

export type InVain = 'stale' | 'unknown';

export type UpdateEnd = 'over' | 'keep' | 'refused';

/** What is known of a write beside its outcome. */
export interface WriteFacts {
  planned: Planned;
  /** Found there as what an earlier try made, not seen being made. */
  adopted: boolean;
  /** Several records there may be it: a person decides. */
  ambiguous: boolean;
}

export function effectOf(outcome: WriteOutcome, { planned, adopted, ambiguous }: WriteFacts): Effect {
  const none: Effect = {
    key: outcome.key,
    queue: 'leave',
    intentOver: false,
    update: planned.create ? 'over' : updateEnd(outcome, planned),
    shown: null,
    gone: false,
    rejected: null,
    takenBack: false,
    inVain: null,
    counted: [],
  };
  switch (outcome.outcome) {
    case 'done':
      if (!planned.create && planned.intent.refused !== null)
        return {
          ...none,
          queue: 'drop',
          shown: { as: 'refused', record: outcome.record, pushed: null, hubVersion: planned.hub.version },
          takenBack: true,
          counted: ['taken_back'],
        };
      return {
        ...none,
        queue: 'drop',
        intentOver: planned.create,
        shown: {
          as: 'answer',
          record: outcome.record,
          pushed: pushedState(planned, outcome.comments, !adopted),
        },
        counted: [
          planned.create ? 'pushed_created' : 'pushed_updated',
          ...outcome.comments.flatMap(countsOfComment),
        ],
      };
    case 'stale':
      return {
        ...none,
        shown: { as: 'read', record: outcome.record },
        inVain: !planned.create && planned.lastTry ? 'stale' : null,
        counted: ['stale'],
      };
    case 'missing':
      return { ...none, queue: 'drop', gone: true, counted: ['missing'] };
    case 'rejected':
      return {
        ...none,
        queue: 'drop',
        intentOver: planned.create,
        shown: shownByRefusal(outcome, planned),
        rejected: outcome.failure,
        counted: ['push_quarantined'],
      };
    case 'retry':
      return {
        ...none,
        queue: 'postpone',
        intentOver: planned.create && planned.resumed === null,
        counted: ['postponed'],
      };
    case 'unknown':
      // The vendor may be slow to show what it made: sent again only when a later search finds nothing.
      return {
        ...none,
        queue: planned.create && !ambiguous ? 'postpone' : 'leave',
        inVain: !planned.create && planned.lastTry ? 'unknown' : null,
        counted: ['unknown'],
      };
  }
}

/** A create refused half-way exists there: without its link it would be made once more. */
function shownByRefusal(
  { record, comments = [] }: Extract<WriteOutcome, { outcome: 'rejected' }>,
  planned: Planned,
): Shown | null {
  if (record === undefined) return null;
  const pushed = planned.create ? pushedState(planned, comments, false) : null;
  return { as: 'refused', record, hubVersion: planned.hub.version, pushed };
}

function countsOfComment({ outcome }: CommentOutcome): string[] {
  if (outcome === 'done') return ['comments_sent'];
  return outcome === 'unknown' ? ['comments_unknown'] : [];
}

/** An earlier try that is still open may be there, whatever this one tells; what a refusal took back itself is not. */
function updateEnd(outcome: WriteOutcome, { again, intent }: PlannedUpdate): UpdateEnd {
  switch (outcome.outcome) {
    case 'done':
      return intent.refused === null ? 'over' : 'refused';
    case 'missing':
      return 'over';
    case 'rejected':
      return again || intent.refused !== null || isHalfWay(outcome) ? 'refused' : 'over';
    case 'stale':
      return again ? 'keep' : 'over';
    case 'retry':
      return again || isHalfWay(outcome) ? 'keep' : 'over';
    case 'unknown':
      return 'keep';
  }
}

function isHalfWay({ progress }: { progress?: WriteProgress }): boolean {
  return progress !== undefined && progress.stands !== 'as_before';
}

function pushedState(planned: Planned, comments: PushedState['comments'], certain: boolean): PushedState {
  return {
    hubId: planned.hub.id,
    created: planned.create,
    certain,
    values: planned.hub.fields,
    hubVersion: planned.hub.version,
    fields: planned.fields,
    withheld: planned.withheld,
    held: planned.create ? new Map<string, never>() : planned.held,
    comments,
  };
}
