/** Runs many seeds side by side and reports those that break a law, with the shortest script found that still does. */
import { createTestDatabase } from '../support/database.ts';
import { runScript, type Verdict } from './run-script.ts';
import { describeStep, writeScript, type Script } from './script.ts';

/** Scenarios wait for retries most of the time: several at once use the time. */
const AT_ONCE = 6;
/** Broken seeds told in full; the rest by number. */
const TOLD_MAX = 2;
/** Scenarios run to shorten a script: about two minutes. */
const SHORTEN_MAX = 25;

export interface Findings {
  /** Empty when all laws hold. */
  told: string;
  /** How often a law was not asked to hold, by the reason. */
  excused: ReadonlyMap<string, number>;
}

export async function searchSeeds(seeds: readonly number[]): Promise<Findings> {
  const excused = new Map<string, number>();
  const broken: { seed: number; verdict: Verdict }[] = [];
  const waiting = [...seeds];
  const worker = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const verdict = await judge(writeScript(seed));
      for (const [why, count] of verdict.excused) excused.set(why, (excused.get(why) ?? 0) + count);
      if (verdict.breaks.length > 0) broken.push({ seed, verdict });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (broken.length === 0) return { told: '', excused };
  broken.sort((a, b) => a.seed - b.seed);
  const told: string[] = [];
  for (const { seed, verdict } of broken.slice(0, TOLD_MAX)) told.push(await tell(seed, verdict));
  const lines = [
    `${broken.length} of ${seeds.length} seeds break a law:`,
    ...broken.map(({ seed, verdict }) => `  ${seed}: ${verdict.breaks.slice(0, 2).join(' | ')}`),
    ...told,
  ];
  return { told: lines.join('\n'), excused };
}

async function judge(script: Script): Promise<Verdict> {
  const database = await createTestDatabase();
  try {
    return await runScript(database.url, script);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { breaks: [`0: the scenario itself failed: ${text}`], story: [], excused: new Map() };
  } finally {
    await database.drop();
  }
}

async function tell(seed: number, verdict: Verdict): Promise<string> {
  const { script, last } = await shorten(writeScript(seed), verdict);
  const { steps, ...setting } = script;
  return [
    '',
    `Seed ${seed}, again with: npm run test:faults -- --seed ${seed}`,
    ...last.breaks.map((line) => `  law ${line}`),
    `  ${JSON.stringify(setting)}`,
    ...steps.map((step) => `  ${describeStep(step)}`),
    '  what happened:',
    ...last.story.map((line) => `    ${line}`),
  ].join('\n');
}

/** Drops steps as long as a break of the same law remains. */
async function shorten(script: Script, verdict: Verdict): Promise<{ script: Script; last: Verdict }> {
  const law = verdict.breaks[0]?.[0];
  let best = { script, last: verdict };
  let tries = 0;
  for (let size = Math.ceil(script.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < best.script.steps.length && tries < SHORTEN_MAX; tries += 1) {
      const steps = best.script.steps.toSpliced(from, size);
      const shorter = { ...best.script, steps };
      const last = await judge(shorter);
      if (last.breaks[0]?.[0] === law) best = { script: shorter, last };
      else from += size;
    }
  }
  return best;
}
