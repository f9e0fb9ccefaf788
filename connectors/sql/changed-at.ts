/**
 * The column that tells when a row changed: it must order rows in time as it stands, or be put in order, or it is refused
 * when the connection is tested. A change that sorts before what was read would never be read again.
 */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Tx } from './database.ts';
import { OWN_COLUMN, SOURCE_ALIAS } from './references.ts';
import type { ChangeMark, Source } from './source.ts';

export const MARK_COLUMN = `${OWN_COLUMN}mark`;

export function plainMark(changedAt: string): ChangeMark {
  return { by: sql.id(SOURCE_ALIAS, changedAt), column: changedAt, computed: false };
}

/** Looks at what the column holds. Null when there is none. */
export async function resolveMark(tx: Tx, source: Omit<Source, 'mark'>): Promise<ChangeMark | null> {
  const { changedAt } = source.config;
  if (changedAt === undefined) return null;
  if (source.dialect === 'sqlite') return resolveInSqlite(tx, source, changedAt);
  return plainMark(changedAt);
}

/** SQLite keeps any value anywhere: one spelling orders as it stands, several are read as times. */
async function resolveInSqlite(tx: Tx, source: Omit<Source, 'mark'>, changedAt: string): Promise<ChangeMark> {
  const column = sql.id(SOURCE_ALIAS, changedAt);
  const kinds = await tx.rows(sql`
    select typeof(${column}) as type,
      case when typeof(${column}) <> 'text' then ''
        else length(${column}) || '|' || substr(${column}, 11, 1) || '|' || case when upper(substr(${column}, -1)) = 'Z' then 'Z'
          when substr(${column}, -6, 1) in ('+', '-') then substr(${column}, -6) else '' end end as spelling,
      min(${column}) as first, count(*) as n, sum(${inMilliseconds(changedAt)} is not null) as readable
    from ${source.from} where ${column} is not null group by 1, 2 limit 100`);
  const readable = kinds.filter((kind) => Number(kind['readable']) > 0);
  if (kinds.length > 0 && readable.length === 0) throw unreadable(source, kinds[0]?.['first']);
  const [only] = kinds;
  const asItStands =
    kinds.length <= 1 && (only === undefined || Number(only['readable']) === Number(only['n']));
  if (asItStands) return plainMark(changedAt);
  const clocks = new Set(readable.map((kind) => placeOf(kind)));
  if (source.zone !== 'UTC' && clocks.has('none') && clocks.size > 1) throw mixedPlaces(source);
  return { by: inMilliseconds(changedAt), column: MARK_COLUMN, computed: true };
}

function placeOf(kind: Record<string, unknown>): 'none' | 'told' {
  return kind['type'] === 'text' && String(kind['spelling']).endsWith('|') ? 'none' : 'told';
}

/** Milliseconds since 1970; null for what is no time, or none that a record could have changed at. */
function inMilliseconds(changedAt: string): RawBuilder<unknown> {
  const column = sql.id(SOURCE_ALIAS, changedAt);
  const counted = (value: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`(case when ${value} < 1e11 then ${value} * 1000.0 when ${value} < 1e14 then ${value} * 1.0
      when ${value} < 1e17 then ${value} / 1000.0 else ${value} / 1000000.0 end)`;
  const spelled = sql`(julianday(${column}) - 2440587.5) * 86400000.0`;
  const text = sql`(case when ${column} glob '*[^0-9]*' then ${spelled} when length(${column}) > 8
    then ${counted(sql`cast(${column} as real)`)} end)`;
  const value = sql`(case typeof(${column}) when 'integer' then ${counted(column)} when 'real' then ${counted(column)}
    when 'text' then ${text} end)`;
  return sql`(case when ${value} between -2208988800000 and 253402214400000 then ${value} end)`;
}

/** What a test of the connection looks at: whether texts and numbers of the column are of one kind. */
export async function assertInOrder(tx: Tx, source: Source): Promise<void> {
  const { changedAt } = source.config;
  if (changedAt === undefined || source.dialect === 'sqlite') return;
  const type = source.shape?.columns.get(changedAt)?.type;
  const column = sql.id(SOURCE_ALIAS, changedAt);
  if (type === 'text') {
    const shape =
      source.dialect === 'postgres'
        ? sql`regexp_replace(${column}, '[0-9]', '9', 'g')`
        : sql`regexp_replace(${column}, '[0-9]', '9')`;
    const rows = await tx.rows(
      sql`select ${shape} as shape, min(${column}) as first from ${source.from} where ${column} is not null group by 1 limit 20`,
    );
    assertOneSpelling(source, rows);
  }
  if (type === 'integer') {
    const [row] = await tx.rows(
      sql`select min(${column}) as low, max(${column}) as high from ${source.from} where ${column} > 100000000`,
    );
    if (Number(row?.['low'] ?? 0) < 1e11 && Number(row?.['high'] ?? 0) >= 1e11) throw mixedUnits(source);
  }
}

const ISO_SHAPE = /^9999-99-99(?:[T ]99:99(?::99(?:\.9+)?)?)?(Z|[+-]99(?::?99)?)?$/;

function assertOneSpelling(source: Source, rows: readonly Record<string, unknown>[]): void {
  const odd = rows.find(({ shape }) => !ISO_SHAPE.test(String(shape)) && !/^9+$/.test(String(shape)));
  if (odd !== undefined) throw unreadable(source, odd['first']);
  // Fractions of any length sort within their second; another separator, or another mark of the place, does not.
  const families = new Set(
    rows.map(({ shape }) => `${String(shape).slice(10, 11)} ${ISO_SHAPE.exec(String(shape))?.[1] ?? ''}`),
  );
  const offsets = [...families].some((family) => /[+-]/.test(family));
  if (families.size > 1 || (offsets && rows.length > 0)) throw unreadable(source, rows.at(-1)?.['first']);
}

function unreadable(source: Pick<Source, 'config' | 'name' | 'entity'>, sample: unknown): Failure {
  const { changedAt = '' } = source.config;
  const shown = typeof sample === 'string' || typeof sample === 'number' ? String(sample) : 'something';
  return refused(
    source,
    `The column ${changedAt} of ${source.name} holds "${shown}", which does not tell when a row changed in an order that can be followed`,
  );
}

function mixedPlaces(source: Pick<Source, 'config' | 'name' | 'entity' | 'zone'>): Failure {
  const { changedAt = '' } = source.config;
  return refused(
    source,
    `The column ${changedAt} of ${source.name} holds times with and without an offset, and those without are clocks in ${source.zone}, so that they have no common order`,
  );
}

function mixedUnits(source: Pick<Source, 'config' | 'name' | 'entity'>): Failure {
  const { changedAt = '' } = source.config;
  return refused(
    source,
    `The column ${changedAt} of ${source.name} counts seconds in some rows and milliseconds in others`,
  );
}

function refused({ entity }: Pick<Source, 'entity'>, what: string): Failure {
  const path = `entities.${entity}.changedAt`;
  return new Failure(
    'invalid_config',
    `${what}; name a time, write it in one way there, or leave ${path} out, so that every pull reads everything.`,
    { path },
  );
}
