/** The default layout in a real database: made from `connectors/sql/layout/`, and edited as a person would. */
import { readFile } from 'node:fs/promises';
import type { SandboxWorld } from '../../kit/sandbox/index.ts';
import type { DialectName, Row } from './engine.ts';
import type { SyncEngine } from './sync-engine.ts';

export const TABLES = [
  'people',
  'locations',
  'assets',
  'parts',
  'meters',
  'maintenance_schedules',
  'requests',
  'work_orders',
] as const;

export function layoutOf(dialect: DialectName): Promise<string> {
  return readFile(new URL(`../layout/${dialect}.sql`, import.meta.url), 'utf8');
}

export interface Tables {
  list: (object: string) => Row[];
  insert: (object: string, fields: Row) => Row;
  change: (object: string, id: string, fields: Row) => Row;
  remove: (object: string, id: string) => void;
}

export function createTables(engine: SyncEngine, dialect: DialectName, world: SandboxWorld): Tables {
  const quote = (name: string): string => {
    if (!/^[a-z_]+$/.test(name)) throw new TypeError(`"${name}" is no column of the default layout.`);
    return dialect === 'mysql' ? `\`${name}\`` : `"${name}"`;
  };
  const table = (object: string): string => {
    if (!TABLES.some((name) => name === object)) {
      throw new TypeError(`There is no table "${object}"; use one of ${TABLES.join(', ')}.`);
    }
    return object;
  };
  /** As all three take it, the sessions being in UTC. */
  const now = (): string => new Date(world.clock.now()).toISOString().replace('T', ' ').replace('Z', '');

  function one(object: string, id: string): Row {
    const [row] = engine.query(`select * from ${table(object)} where id = ?`, [id]);
    if (row === undefined) throw new TypeError(`There is no ${object} ${id}.`);
    return row;
  }

  return {
    list: (object) => engine.query(`select * from ${table(object)} order by id`),
    insert(object, fields) {
      const row: Row = { created_at: now(), updated_at: now(), ...fields };
      const names = Object.keys(row).map(quote).join(', ');
      const marks = Object.keys(row)
        .map(() => '?')
        .join(', ');
      const into = `insert into ${table(object)} (${names}) values (${marks})`;
      if (dialect !== 'mysql') {
        const [made] = engine.query(`${into} returning id`, Object.values(row));
        return one(object, String(made?.['id']));
      }
      engine.query(into, Object.values(row));
      const [made] = engine.query('select last_insert_id() as id');
      return one(object, String(made?.['id']));
    },
    change(object, id, fields) {
      const row: Row = { updated_at: now(), ...fields };
      const sets = Object.keys(row)
        .map((name) => `${quote(name)} = ?`)
        .join(', ');
      one(object, id);
      engine.query(`update ${table(object)} set ${sets} where id = ?`, [...Object.values(row), id]);
      return one(object, id);
    },
    remove(object, id) {
      one(object, id);
      engine.query(`delete from ${table(object)} where id = ?`, [id]);
    },
  };
}
