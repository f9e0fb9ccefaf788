/**
 * Runs a pattern's program over a text, all ways at once and in order of precedence, so that the answer is the one a backtracking
 * matcher would find first, while each position of the text is looked at a bounded number of times: once an instruction, in
 * optional rounds within each other once more for each.
 */
import { LINE_ENDS, WORD } from './character-set.ts';
import type { Program } from './program.ts';
import type { Assertion } from './syntax.ts';

/** Steps a pattern may still take; spent over all searches that share it. */
export interface StepBudget {
  left: number;
}

/** Where a match stands; `slots` as the program says, -1 for a group that took no part. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly slots: readonly number[];
}

interface Thread {
  at: number;
  start: number;
  slots: readonly number[];
}

interface Search {
  readonly program: Program;
  readonly text: string;
  readonly budget: StepBudget;
  /**
   * For each instruction, the position it was last reached at: whoever comes first has precedence. Ways into it differ by how many of
   * the rounds around it have moved since they began, because the others may not end here.
   */
  readonly seen: Int32Array;
}

/** The first match that begins at `from` or later; null when there is none, `exhausted` when the steps ran out. */
export function search(
  program: Program,
  text: string,
  from: number,
  budget: StepBudget,
): Found | null | 'exhausted' {
  const run: Search = {
    program,
    text,
    budget,
    seen: new Int32Array(program.code.length * (program.roundsMax + 1)).fill(-1),
  };
  const untouched: readonly number[] = new Array<number>(program.slots).fill(-1);
  let threads: Thread[] = [];
  let found: Found | null = null;
  for (let position = from; position <= text.length; position += 1) {
    if (threads.length === 0) {
      if (found || (program.anchored && position > 0)) return found;
      position = nextBeginning(program, text, position);
      if (position > text.length) return null;
    }
    budget.left -= threads.length + 1;
    const reached: Thread[] = [];
    const next: Thread[] = [];
    for (const thread of threads) follow(run, thread, position, reached);
    if (!found) follow(run, { at: 0, start: position, slots: untouched }, position, reached);
    if (budget.left < 0) return 'exhausted';
    const code = position < text.length ? text.charCodeAt(position) : -1;
    for (const thread of reached) {
      const instruction = program.code[thread.at];
      if (instruction?.op === 'unit') {
        if (code >= 0 && instruction.set.has(code)) next.push({ ...thread, at: thread.at + 1 });
      } else {
        // A match: whatever has less precedence is out of the race, what has more goes on.
        found = { start: thread.start, end: position, slots: thread.slots };
        break;
      }
    }
    threads = next;
  }
  return found;
}

function nextBeginning({ first }: Program, text: string, from: number): number {
  if (!first) return from;
  let position = from;
  while (position < text.length && !first.has(text.charCodeAt(position))) position += 1;
  return position < text.length ? position : text.length + 1;
}

/** Follows a thread without moving in the text, in order of precedence, to the units it waits for or to the match. */
function follow(run: Search, begun: Thread, position: number, reached: Thread[]): void {
  const open: Thread[] = [begun];
  for (let thread = open.pop(); thread; thread = open.pop()) {
    const { at, start, slots } = thread;
    const place = at * (run.program.roundsMax + 1) + movedRounds(run.program, thread, position);
    if (run.seen[place] === position) continue;
    run.seen[place] = position;
    run.budget.left -= 1;
    const instruction = run.program.code[at];
    if (!instruction) continue;
    switch (instruction.op) {
      case 'unit':
      case 'match':
        reached.push(thread);
        break;
      case 'jump':
        open.push({ at: instruction.to, start, slots });
        break;
      case 'split':
        open.push({ at: instruction.second, start, slots }, { at: instruction.first, start, slots });
        break;
      case 'save':
        open.push({ at: at + 1, start, slots: slots.with(instruction.slot, position) });
        break;
      case 'forget':
        open.push({ at: at + 1, start, slots: slots.slice().fill(-1, instruction.from, instruction.to) });
        break;
      case 'moved':
        if (slots[instruction.slot] !== position) open.push({ at: at + 1, start, slots });
        break;
      case 'assert':
        if (holds(instruction.what, run.text, position)) open.push({ at: at + 1, start, slots });
    }
  }
}

/** Rounds begin from the outside in, so those that have moved are the outer ones. */
function movedRounds({ rounds }: Program, { at, slots }: Thread, position: number): number {
  const around = rounds[at] ?? [];
  let moved = 0;
  while (moved < around.length && slots[around[moved] ?? 0] !== position) moved += 1;
  return moved;
}

function holds(what: Assertion, text: string, position: number): boolean {
  switch (what) {
    case 'start':
      return position === 0;
    case 'end':
      return position === text.length;
    case 'line_start':
      return position === 0 || LINE_ENDS.has(text.charCodeAt(position - 1));
    case 'line_end':
      return position === text.length || LINE_ENDS.has(text.charCodeAt(position));
    case 'boundary':
      return isWord(text, position - 1) !== isWord(text, position);
    case 'no_boundary':
      return isWord(text, position - 1) === isWord(text, position);
  }
}

function isWord(text: string, position: number): boolean {
  return position >= 0 && position < text.length && WORD.has(text.charCodeAt(position));
}
