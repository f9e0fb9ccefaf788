/**
 * From a pattern's tree to a flat program for `search.ts`. Counted repeats are written out, so the program's length is what
 * one step of the search costs at most; it is bounded.
 */
import { union, type CharacterSet } from './character-set.ts';
import { PatternRefused, type Assertion, type PatternNode } from './syntax.ts';

export type Instruction =
  | { op: 'unit'; set: CharacterSet }
  /** Both ways are tried, `first` with precedence. */
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  /** Writes the position into a slot. */
  | { op: 'save'; slot: number }
  /** A repeated group forgets what its last round held: slots `from` to `to`, without the end. */
  | { op: 'forget'; from: number; to: number }
  /** Goes on only if the text moved since the position in `slot`: an optional round that matches nothing is none. */
  | { op: 'moved'; slot: number }
  | { op: 'assert'; what: Assertion }
  | { op: 'match' };

export interface Program {
  readonly code: readonly Instruction[];
  /** For each instruction, the slots of the optional rounds it stands in, outermost first, and the most there are of them. */
  readonly rounds: readonly (readonly number[])[];
  readonly roundsMax: number;
  /** Slots 2n and 2n+1 hold start and end of group n+1; behind them stand the marks of optional rounds. */
  readonly slots: number;
  readonly groups: number;
  /** Units a match may begin with; null when it may begin with anything or nothing. */
  readonly first: CharacterSet | null;
  /** A match can only begin at the start of the text. */
  readonly anchored: boolean;
}

/** A pattern that is longer than this written out is a mistake, or an attack. */
const INSTRUCTIONS_MAX = 2_000;

export function compileProgram(source: string, root: PatternNode, groups: number): Program {
  const writer: Writer = { source, code: [], rounds: [], open: [], marks: 0, groups };
  write(writer, root);
  emit(writer, { op: 'match' });
  const { code, rounds } = writer;
  const roundsMax = Math.max(...rounds.map((open) => open.length));
  return { code, rounds, roundsMax, groups, slots: groups * 2 + writer.marks, ...beginning(code) };
}

interface Writer {
  readonly source: string;
  readonly code: Instruction[];
  readonly rounds: (readonly number[])[];
  /** Slots of the optional rounds that are being written. */
  open: readonly number[];
  readonly groups: number;
  marks: number;
}

function emit(writer: Writer, instruction: Instruction): number {
  if (writer.code.length >= INSTRUCTIONS_MAX)
    throw new PatternRefused(
      writer.source,
      `is longer than ${INSTRUCTIONS_MAX} steps when its repeats are written out; repeat less, or use * or +`,
    );
  writer.rounds.push(writer.open);
  return writer.code.push(instruction) - 1;
}

function write(writer: Writer, node: PatternNode): void {
  switch (node.kind) {
    case 'unit':
      emit(writer, { op: 'unit', set: node.set });
      return;
    case 'assert':
      emit(writer, { op: 'assert', what: node.what });
      return;
    case 'sequence':
      for (const part of node.parts) write(writer, part);
      return;
    case 'choice':
      writeChoice(writer, node.parts);
      return;
    case 'group':
      emit(writer, { op: 'save', slot: node.index * 2 - 2 });
      write(writer, node.inner);
      emit(writer, { op: 'save', slot: node.index * 2 - 1 });
      return;
    case 'repeat':
      writeRepeat(writer, node);
  }
}

function writeChoice(writer: Writer, parts: readonly PatternNode[]): void {
  const exits: number[] = [];
  parts.forEach((part, index) => {
    if (index === parts.length - 1) {
      write(writer, part);
      return;
    }
    const split = emit(writer, { op: 'split', first: writer.code.length + 1, second: 0 });
    write(writer, part);
    exits.push(emit(writer, { op: 'jump', to: 0 }));
    writer.code[split] = { op: 'split', first: split + 1, second: writer.code.length };
  });
  for (const exit of exits) writer.code[exit] = { op: 'jump', to: writer.code.length };
}

function writeRepeat(writer: Writer, node: PatternNode & { kind: 'repeat' }): void {
  for (let round = 0; round < node.min; round += 1) writeRound(writer, node);
  if (node.max === Infinity) {
    const split = emit(writer, { op: 'split', first: 0, second: 0 });
    writeOptionalRound(writer, node);
    emit(writer, { op: 'jump', to: split });
    writer.code[split] = splitTo(node.greedy, split + 1, writer.code.length);
    return;
  }
  const splits: number[] = [];
  for (let round = node.min; round < node.max; round += 1) {
    splits.push(emit(writer, { op: 'split', first: 0, second: 0 }));
    writeOptionalRound(writer, node);
  }
  for (const split of splits) writer.code[split] = splitTo(node.greedy, split + 1, writer.code.length);
}

function splitTo(greedy: boolean, into: number, past: number): Instruction {
  return greedy ? { op: 'split', first: into, second: past } : { op: 'split', first: past, second: into };
}

function writeRound(writer: Writer, { inner }: PatternNode & { kind: 'repeat' }): void {
  const held = groupsIn(inner);
  if (held) emit(writer, { op: 'forget', from: held[0] * 2 - 2, to: held[1] * 2 });
  write(writer, inner);
}

function writeOptionalRound(writer: Writer, node: PatternNode & { kind: 'repeat' }): void {
  if (!mayBeEmpty(node.inner)) {
    writeRound(writer, node);
    return;
  }
  const slot = writer.groups * 2 + writer.marks;
  writer.marks += 1;
  emit(writer, { op: 'save', slot });
  const around = writer.open;
  writer.open = [...around, slot];
  writeRound(writer, node);
  emit(writer, { op: 'moved', slot });
  writer.open = around;
}

function mayBeEmpty(node: PatternNode): boolean {
  switch (node.kind) {
    case 'unit':
      return false;
    case 'assert':
      return true;
    case 'sequence':
      return node.parts.every(mayBeEmpty);
    case 'choice':
      return node.parts.some(mayBeEmpty);
    case 'group':
      return mayBeEmpty(node.inner);
    case 'repeat':
      return node.min === 0 || mayBeEmpty(node.inner);
  }
}

/** The first and the last group inside, by number. */
function groupsIn(node: PatternNode): [number, number] | null {
  if (node.kind === 'unit' || node.kind === 'assert') return null;
  const inner = node.kind === 'sequence' || node.kind === 'choice' ? node.parts : [node.inner];
  const found = inner.map(groupsIn).filter((held) => held !== null);
  const numbers = [...found.flat(), ...(node.kind === 'group' ? [node.index] : [])];
  return numbers.length === 0 ? null : [Math.min(...numbers), Math.max(...numbers)];
}

/** What can stand first, so that a search may skip the places where nothing can begin. */
function beginning(code: readonly Instruction[]): Pick<Program, 'first' | 'anchored'> {
  const sets: CharacterSet[] = [];
  let [empty, anchored] = [false, true];
  const seen = new Set<string>();
  const open: [number, boolean][] = [[0, false]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [at, isAnchored] = next;
    const key = `${at} ${isAnchored}`;
    const instruction = code[at];
    if (!instruction || seen.has(key)) continue;
    seen.add(key);
    if (instruction.op === 'split')
      open.push([instruction.first, isAnchored], [instruction.second, isAnchored]);
    else if (instruction.op === 'jump') open.push([instruction.to, isAnchored]);
    else if (instruction.op === 'unit' || instruction.op === 'match') {
      anchored &&= isAnchored;
      if (instruction.op === 'unit') sets.push(instruction.set);
      else empty = true;
    } else open.push([at + 1, isAnchored || (instruction.op === 'assert' && instruction.what === 'start')]);
  }
  return { first: empty ? null : union(...sets), anchored };
}
