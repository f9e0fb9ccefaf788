/** What must hold for every schedule, tried on many that nobody thought of. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatWall } from '../time/instants.ts';
import { createZones } from '../time/zones.ts';
import { naiveOccurrences } from './naive.fixture.ts';
import { occurrencesAfter, occurrencesBetween } from './occurrences.ts';
import { anySchedule } from './schedule.fixture.ts';
import { readSchedule } from './read-schedule.ts';

const zones = createZones({ tzdb: process.versions['tz'] ?? '' });
const SEED = 20_260_101;
const YEAR_MS = 365 * 86_400_000;

describe('occurrences', () => {
  it('are those of the rules, computed one day at a time', () => {
    fc.assert(
      fc.property(anySchedule, fc.integer({ min: -100, max: 700 }), (text, afterDays) => {
        const schedule = readSchedule(text, zones);
        const startMs = Date.parse(`${text.anchor}Z`);
        const lastMs = startMs + 3 * YEAR_MS;
        const naive = naiveOccurrences(text, new Date(lastMs).toISOString().slice(0, 10));
        const afterMs = startMs + afterDays * 86_400_000;
        // Season and holidays can hold a date back for months: what is due near the end may miss a nominal.
        const toMs = startMs + 2 * YEAR_MS;
        const wanted = naive.filter(({ dueMs }) => dueMs > afterMs && dueMs <= toMs);
        const got = occurrencesBetween(schedule, afterMs, toMs).map(({ nominalMs, dueMs }) => ({
          nominal: formatWall(nominalMs),
          dueMs,
        }));
        expect(got).toEqual(wanted);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('are those of the rules when one of them is extended', () => {
    const extension = fc.record({
      nth: fc.nat({ max: 9 }),
      days: fc.integer({ min: -60, max: 120 }),
      adjust: fc.boolean(),
    });
    fc.assert(
      fc.property(
        anySchedule,
        extension,
        fc.integer({ min: -100, max: 500 }),
        (plain, { nth, days, adjust }, afterDays) => {
          const series = occurrencesAfter(readSchedule(plain, zones), null, 10);
          const extended = series[Math.min(nth, series.length - 1)];
          if (extended === undefined) return;
          const date = (ms: number): string => formatWall(ms).slice(0, 10);
          const text = {
            ...plain,
            extension: {
              for: date(extended.nominalMs),
              to: date(extended.nominalMs + days * 86_400_000),
              adjust,
            },
          };
          const startMs = Date.parse(`${text.anchor}Z`);
          const afterMs = startMs + afterDays * 86_400_000;
          const toMs = startMs + 2 * YEAR_MS;
          const wanted = naiveOccurrences(
            text,
            new Date(startMs + 3 * YEAR_MS).toISOString().slice(0, 10),
          ).filter(({ dueMs }) => dueMs > afterMs && dueMs <= toMs);
          const got = occurrencesBetween(readSchedule(text, zones), afterMs, toMs);
          expect(got.map(({ nominalMs, dueMs }) => ({ nominal: formatWall(nominalMs), dueMs }))).toEqual(
            wanted,
          );
        },
      ),
      { seed: SEED, numRuns: 60 },
    );
  });

  it('are the same in one go as step by step', () => {
    fc.assert(
      fc.property(anySchedule, fc.integer({ min: 1, max: 5 }), (text, step) => {
        const schedule = readSchedule(text, zones);
        const atOnce = occurrencesAfter(schedule, null, 40);
        const stepwise = [];
        for (let after: number | null = null; stepwise.length < 40;) {
          const next = occurrencesAfter(schedule, after, Math.min(step, 40 - stepwise.length));
          if (next.length === 0) break;
          stepwise.push(...next);
          after = next.at(-1)?.dueMs ?? null;
        }
        expect(stepwise).toEqual(atOnce);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});
