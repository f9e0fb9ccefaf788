/**
 * The file a sandbox keeps its state in: a head line (system, seed, clock, randomness, the vendor's settings), then one
 * line a row. Reads it whole, writes it beside and renames, so that a kill never leaves half a file. What the rows mean is
 * the vendor's part.
 */
import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

const FORMAT = 1;
/** One write call; between two of them requests are served. */
const CHUNK_CHARS = 256 * 1024;

export interface SavedState {
  system: string;
  seed: string;
  clockOffsetMs: number;
  /** Where the random generator stands. */
  random: number;
  settings: unknown;
  /** Table name and what the vendor made of the row, in the order they were written. */
  rows: readonly (readonly [table: string, row: unknown])[];
}

interface Head extends Omit<SavedState, 'rows'> {
  format: number;
  /** Number of the row lines that follow. */
  rows: number;
}

/** The state of that system and seed; null when there is no file yet. Throws one sentence when the file is another's. */
export async function readState(
  file: string,
  expected: { system: string; seed: string },
): Promise<SavedState | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`The state file ${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  const saved = parseState(text);
  if (saved === null) {
    throw new Error(
      `The state file ${file} is not one of a sandbox, or it is damaged; delete it to start anew.`,
    );
  }
  if (saved.system !== expected.system || saved.seed !== expected.seed) {
    throw new Error(
      `The state file ${file} holds ${saved.system} with the seed "${saved.seed}", not ${expected.system} with ` +
        `"${expected.seed}"; start that one, or delete the file to start anew.`,
    );
  }
  return saved;
}

function parseState(text: string): SavedState | null {
  const [first = '', ...lines] = text.split('\n');
  try {
    const { format, rows: count, ...head } = JSON.parse(first) as Head;
    const rows = lines
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as readonly [string, unknown]);
    return format === FORMAT && rows.length === count ? { ...head, rows } : null;
  } catch {
    return null;
  }
}

export interface StateToWrite extends Omit<SavedState, 'rows'> {
  rows: readonly (readonly [table: string, row: object])[];
}

/** `lineOf` may keep what it made: only rows that changed cost anything then. */
export async function writeState(
  file: string,
  state: StateToWrite,
  lineOf: (table: string, row: object) => string,
): Promise<void> {
  const head: Head = { format: FORMAT, ...state, rows: state.rows.length };
  const beside = `${file}.new`;
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(beside, 'w');
  try {
    await writeLines(handle, JSON.stringify(head), state.rows, lineOf);
  } finally {
    await handle.close();
  }
  await rename(beside, file);
}

async function writeLines(
  handle: FileHandle,
  head: string,
  rows: StateToWrite['rows'],
  lineOf: (table: string, row: object) => string,
): Promise<void> {
  let chunk = `${head}\n`;
  for (const [table, row] of rows) {
    chunk += `${lineOf(table, row)}\n`;
    if (chunk.length >= CHUNK_CHARS) {
      await handle.writeFile(chunk);
      chunk = '';
    }
  }
  await handle.writeFile(chunk);
}
