/** Answers the vectors of kind `quiet_hours`. */
import { z } from 'zod';
import { readInput } from '../read-input.ts';
import { dailyWindowField } from '../time/daily-window.ts';
import { instantField } from '../time/fields.ts';
import { formatInstant } from '../time/instants.ts';
import type { VectorAdapters, VectorContext } from '../vectors/adapter.ts';
import { decideQuietHours } from './quiet-hours.ts';

const given = z.object({
  zone: z.string(),
  window: dailyWindowField,
  bypass: z.array(z.string()).nullish(),
  severity: z.string(),
  created: instantField,
});

export function answerQuietHours(input: unknown, { zones }: VectorContext): unknown {
  const { zone: id, window, bypass, severity, created } = readInput(given, input);
  const zone = zones.zone(id);
  const quiet = { zone, window, bypass: bypass ?? [] };
  const { deferred, deliverAt } = decideQuietHours(quiet, { severity, createdAt: created });
  return { deferred, deliver_at: formatInstant(deliverAt, zone) };
}

export const notificationVectors: VectorAdapters = { quiet_hours: { answer: answerQuietHours } };
