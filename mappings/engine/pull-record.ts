/** One vendor record through all pull rules: at once where every expression is decided by its closure, else with the interpreter's help. */
import type { JsonObject } from '../../domain/json.ts';
import { UNDECIDED } from './expression/compile-expression.ts';
import type { PullResult } from './format.ts';
import type { PullField } from './pull.ts';
import { runExpression } from './run-expression.ts';
import type { Run } from './run.ts';
import { COMMENTS, type Validate } from './validation.ts';

export interface PullRecord {
  /** Null when an expression needs the interpreter for this record. */
  readonly now: (raw: JsonObject, context: JsonObject) => PullResult | null;
  readonly later: (raw: JsonObject, context: JsonObject) => Promise<PullResult>;
}

export function compilePullRecord(rules: readonly PullField[], validate: Validate): PullRecord {
  const plain = rules.flatMap(({ name, read }) => (read && name !== COMMENTS ? [{ name, read }] : []));
  const readComments = rules.find(({ name }) => name === COMMENTS)?.read;
  const expressions = rules.flatMap(({ name, place, expression }) =>
    expression ? [{ ...expression, name, target: { place, path: name } }] : [],
  );
  const begin = (raw: JsonObject, run: Run): JsonObject => {
    const fields: JsonObject = {};
    for (const { name, read } of plain) {
      const value = read(raw, run);
      if (value !== undefined) fields[name] = value;
    }
    return fields;
  };
  const end = (fields: JsonObject, raw: JsonObject, run: Run): PullResult =>
    validate(fields, readComments?.(raw, run), run.problems);
  return {
    now(raw, context) {
      const run: Run = { context, problems: [], rows: [] };
      const fields = begin(raw, run);
      for (const { name, compiled, finish } of expressions) {
        const found = compiled.now(raw, context);
        if (found === UNDECIDED) return null;
        const value = finish(found, run);
        if (value !== undefined) fields[name] = value;
      }
      return end(fields, raw, run);
    },
    async later(raw, context) {
      const run: Run = { context, problems: [], rows: [] };
      const fields = begin(raw, run);
      for (const expression of expressions) {
        const before = run.problems.length;
        const found = await runExpression(expression, raw, run);
        const value = run.problems.length > before ? undefined : expression.finish(found, run);
        if (value !== undefined) fields[expression.name] = value;
      }
      return end(fields, raw, run);
    },
  };
}
