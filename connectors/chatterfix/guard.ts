/**
 * Lists of made-up rows, which some generations show while their database is away (contract 7, placeholder-row guard). A hit is a
 * failed read: never data, and never the reason for a delete.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import type { ProfileName } from './config.ts';
import { idOf } from './wire.ts';
import type { List } from './wire.ts';

/** `WO-001`, `WO-2024-001` and following; true ids of that form carry a date and four digits. */
const MADE_UP_ID = /^WO-(?:\d{3}|2024-\d{3})$/;

export function assertGenuine({ rows, demo }: List, profile: ProfileName, host: string, noun: string): void {
  const why = demo
    ? 'says itself that it shows made-up rows'
    : rows.some(
          (row) =>
            row['is_demo'] === true || row['status'] === 'system' || MADE_UP_ID.test(idOf(row['id']) ?? ''),
        )
      ? 'shows rows known to be made up'
      : profile === 'cmms6b' && rows.length > 0 && !rows.some((row) => 'updated_at' in row)
        ? 'shows rows without a time of change, as it does while its database is away'
        : null;
  if (why === null) return;
  throw new Failure(
    'unavailable',
    `The ${noun} list of ${host} ${why}; nothing was taken from it, set placeholderGuard: false if the rows are real.`,
    { code: 'PLACEHOLDER_ROWS' },
  );
}
