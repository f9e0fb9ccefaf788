/**
 * LABOR stands between people and their bookings: a booking names a laborcode, which often but not always is the personid
 * (contract 2.3). Read as needed and kept for the session; where it may not be read, the two are taken as the same.
 */
import type { MaximoConfig } from './config.ts';
import type { ListAll } from './list-all.ts';
import { besideOf } from './structures.ts';
import { all, among, equal } from './where.ts';
import { textOf } from './wire.ts';

export interface Labor {
  /** laborcode to personid. */
  persons(laborcodes: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** personid to laborcode. */
  codes(personids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

const SELECT = 'laborcode,laborid,personid,orgid';
const ROWS = 100;

export function createLabor({ listAll, config }: { listAll: ListAll; config: MaximoConfig }): Labor {
  const personOf = new Map<string, string>();
  const codeOf = new Map<string, string>();

  async function load(
    attribute: 'laborcode' | 'personid',
    values: readonly string[],
    known: Map<string, string>,
  ): Promise<ReadonlyMap<string, string>> {
    const os = besideOf('labor', config);
    if (os === null) return new Map(values.map((value) => [value, value]));
    const unknown = [...new Set(values)].filter((value) => value !== '' && !known.has(value));
    for (let from = 0; from < unknown.length; from += ROWS) {
      const asked = unknown.slice(from, from + ROWS);
      const org = config.org === undefined ? null : equal('orgid', config.org);
      const where = all(org, among(attribute, asked));
      for (const row of await listAll({ os, select: SELECT, where }, 'laborid')) {
        const code = textOf(row.laborcode);
        const person = textOf(row.personid);
        if (code === '' || person === '') continue;
        // The oldest wins where a person has several.
        const [key, value] = attribute === 'laborcode' ? [code, person] : [person, code];
        if (!known.has(key)) known.set(key, value);
      }
      for (const value of asked) if (!known.has(value)) known.set(value, value);
    }
    return known;
  }

  return {
    persons: (laborcodes) => load('laborcode', laborcodes, personOf),
    codes: (personids) => load('personid', personids, codeOf),
  };
}
