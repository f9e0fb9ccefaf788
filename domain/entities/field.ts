/**
 * The building blocks of canonical records. A canonical record is a flat map of named fields; a field is what the merge
 * compares and decides. Absent and null mean the same: nothing is known.
 */
import { z } from 'zod';
import { LIMITS } from '../kernel/limits.ts';

/** Text, trimmed of nothing: what people typed is kept as it is. */
export const text = z.string().max(LIMITS.textCharsMax);
export const line = z.string().min(1).max(1_000);
/** RFC 3339 instant in UTC with milliseconds, `2026-03-01T08:15:00.000Z`: one spelling, so equal instants are equal text. */
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
/** Calendar date `2026-03-01`, of the plant, without a zone. */
export const date = z.string().regex(/^\d{4}-\d\d-\d\d$/);
/** Money or stock as a decimal number, no more than 6 fraction digits. */
export const decimal = z.number();
/** IANA zone name, e.g. `Australia/Perth`. */
export const zone = z.string().regex(/^[A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*$/);
/** The hub id (uuid) of another canonical record; while a vendor's record is being mapped, that record's external id. */
export const reference = z.string().min(1).max(200);
/** Free fields of a customer: name to scalar. */
export const customFields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
