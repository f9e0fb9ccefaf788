/** Node's own SQLite in the shape kysely's dialect wants. Synchronous by nature: a long query holds this process. */
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue } from 'node:sqlite';
import { SqliteDialect } from 'kysely';
import type { Dialect as KyselyDialect } from 'kysely';
import { parseJson } from '../kit/parse-json.ts';
import { Moment } from './moment.ts';

/** How long a lock of another process is waited for; the process stands still meanwhile. */
const BUSY_MS = 2_000;

export function sqliteDialect(file: string, readOnly: boolean): KyselyDialect {
  return new SqliteDialect({
    database: async () => {
      const database = new DatabaseSync(file, { readOnly, timeout: BUSY_MS });
      return {
        close: () => database.close(),
        prepare(text: string) {
          const statement = database.prepare(text);
          statement.setReadBigInts(true);
          const columns = statement.columns();
          const types = new Map(columns.map(({ name, type }) => [name, type?.toUpperCase() ?? '']));
          const convert = (row: Record<string, unknown>): Record<string, unknown> =>
            Object.fromEntries(
              Object.entries(row).map(([name, value]) => [name, valueOf(value, types.get(name) ?? '')]),
            );
          return {
            reader: columns.length > 0,
            all: (parameters: readonly unknown[]) => statement.all(...parameters.map(bindable)).map(convert),
            run: (parameters: readonly unknown[]) => statement.run(...parameters.map(bindable)),
            *iterate(parameters: readonly unknown[]) {
              for (const row of statement.iterate(...parameters.map(bindable))) yield convert(row);
            },
          };
        },
      };
    },
  });
}

function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return value;
  }
  return JSON.stringify(value);
}

/** By the type the column was declared with; SQLite itself stores anything anywhere. */
function valueOf(value: unknown, declared: string): unknown {
  if (typeof value === 'bigint') {
    if (/BOOL/.test(declared)) return value !== 0n;
    const number = Number(value);
    // As a text it would not be found again in a column without a type.
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'string') return value;
  if (/DATETIME|TIMESTAMP/.test(declared)) return new Moment(value, false);
  if (/JSON/.test(declared)) return parsed(value);
  return value;
}

function parsed(text: string): unknown {
  const read = parseJson(text);
  return read.ok && text.trim() !== '' ? read.value : text;
}
