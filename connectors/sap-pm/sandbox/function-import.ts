/** What a function import says about itself. */
import { buildSets, type Field, type Value } from './schema.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

export type Arguments = Readonly<Record<string, Value>>;

export interface FunctionImport {
  /** In the notation of the contract; `!` marks what must be given. */
  parameters: string;
  /** The set it works on, found by the parameters named like its key. */
  set: string;
  returns: 'entity' | 'dummy' | 'list';
  method?: 'GET';
  writes?: false;
  run(call: Call, row: Row, args: Arguments): Row;
  /** Instead of `run`, for one that finds rows itself. */
  list?: (call: Call, args: Arguments) => readonly Row[];
}

const parsed = new Map<string, readonly Field[]>();

export function parseParameters(text: string): readonly Field[] {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const set =
    text.trim() === '' ? undefined : buildSets({ Parameters: { may: '', key: text } }).get('Parameters');
  const fields = set?.keys ?? [];
  parsed.set(text, fields);
  return fields;
}
