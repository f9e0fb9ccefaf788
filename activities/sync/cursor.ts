/** How far the reading of an entity got: the vendor's own cursor, and whether its end was ever reached. */
export interface PullCursor {
  /** Whether the entity was ever read to its end: before that nothing is created at the vendor. */
  complete: boolean;
  /** RFC 3339 instant when it was: what the system shows later is new there. */
  completeAt?: string;
  value: string | null;
}

export function parseCursor(text: string | null): PullCursor {
  return text === null ? { complete: false, value: null } : (JSON.parse(text) as PullCursor);
}

export function formatCursor(cursor: PullCursor): string {
  return JSON.stringify(cursor);
}
