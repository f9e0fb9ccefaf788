/**
 * How early rules announce the known failures of a real machine, and at how many false alarms, beside a plain threshold; and what
 * a search for quieter settings finds on the first part of the series and is worth on the second.
 * `node bench/backtest.ts` prints the tables and writes them into docs/alarms.md, with the picture docs/alarms-backtest.svg.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { backtest } from '../domain/alarms/backtest.ts';
import { compileRule } from '../domain/alarms/compile-rule.ts';
import type { AlarmRule } from '../domain/alarms/rule.ts';
import { gridFor, searchSettings, withSettings } from '../domain/alarms/search-settings.ts';
import { SHIPPED_METRICS } from '../domain/readings/metrics.ts';
import { plot } from './backtest/plot.ts';
import { FAILURES, machineTemperature } from './backtest/series.ts';
import { scoreTable, searchTable, type Tried } from './backtest/table.ts';
import { PLAIN, VARIANTS } from './backtest/variants.ts';

const DOCUMENT = new URL('../docs/alarms.md', import.meta.url);
const PICTURE = new URL('../docs/alarms-backtest.svg', import.meta.url);
/** Between the second and the third failure. */
const SPLIT = Date.parse('2014-01-10T00:00Z');

const readings = machineTemperature();
const period = {
  from: Math.min(...readings.map(({ at }) => at)),
  until: Math.max(...readings.map(({ at }) => at)),
};
const run = (rule: AlarmRule, part = period): ReturnType<typeof backtest> =>
  backtest(compileRule(rule, SHIPPED_METRICS), readings, part);

const tried: Tried[] = VARIANTS.map(({ title, rule }) => ({ title, alarms: run(rule).alarms }));
const scores = scoreTable(tried, FAILURES, period.until);

const first = { from: period.from, until: SPLIT };
const known = FAILURES.filter(({ to }) => to < SPLIT);
const search = searchSettings({
  rule: PLAIN.rule,
  metrics: SHIPPED_METRICS,
  readings: readings.filter(({ at }) => at < SPLIT),
  period: first,
  keep: known,
  grid: gridFor(
    PLAIN.rule,
    readings.filter(({ at }) => at < SPLIT),
  ),
});
const found = searchTable(
  search,
  { failures: known, until: SPLIT },
  {
    failures: FAILURES.filter(({ to }) => to >= SPLIT),
    until: period.until,
    alarmsOf: ({ settings }) => run(withSettings(PLAIN.rule, settings), { ...period, from: SPLIT }).alarms,
  },
);

const { readingCount, repeatedCount, contradictingCount } = run(PLAIN.rule);
const counts = `${String(readingCount)} readings; of ${String(repeatedCount + contradictingCount)} whose time came twice the first was kept.`;
console.log(
  `${counts}\n\n${scores}\n\n${String(search.triedCount)} settings tried on the first part:\n\n${found}`,
);

const text = readFileSync(DOCUMENT, 'utf8');
const filled = fill(fill(fill(text, 'counts', counts), 'scores', scores), 'search', found);
writeFileSync(DOCUMENT, filled);
writeFileSync(PICTURE, plot({ ...period, readings, failures: FAILURES, limit: 55, tried }));

/** Replaces what stands between two marks of the document. */
function fill(document: string, mark: string, content: string): string {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`docs/alarms.md has no place ${begin} … ${end}.`);
  return `${document.slice(0, from + begin.length)}\n\n${content}\n\n${document.slice(to)}`;
}
