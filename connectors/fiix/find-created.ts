/**
 * Finding what a create of unknown outcome may have made (contract 2.5: there is no idempotency key): by the marker it
 * carried, a person by the user name, a meter by what it is.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { CreateOp, ExternalRecord, FoundCreated } from '../kit/contract.ts';
import { MARKER_FIELD, markerOf } from './fields.ts';
import { manifest } from './manifest.ts';
import type { MeterWriter } from './meter-write.ts';
import { where } from './pages.ts';
import type { Pages } from './pages.ts';
import type { Reader } from './read.ts';
import { CLASSES, idOf, textOf } from './wire.ts';

/** Markers in one condition of a search. */
const MARKERS_MAX = 20;
/** How far Fiix's clock may be behind ours when a created person is searched for. */
const CLOCK_SKEW_MS = 3_600_000;

export type Finder = ReturnType<typeof createFinder>;

export function createFinder(pages: Pages, reader: Reader, meters: MeterWriter) {
  async function findCreated(entity: Entity, ops: readonly CreateOp[]): Promise<FoundCreated[]> {
    if (!manifest.capabilities[entity].create) return ops.map(({ key }) => ({ key, candidates: [] }));
    const found: FoundCreated[] = [];
    if (entity === 'meter' || entity === 'person') {
      for (const op of ops)
        found.push(entity === 'meter' ? await meters.findCreated(op) : await findPerson(op));
      return found;
    }
    for (let from = 0; from < ops.length; from += MARKERS_MAX) {
      const some = ops.slice(from, from + MARKERS_MAX);
      const records = await byMarker(
        entity,
        some.map(({ reference }) => reference),
      );
      const field = MARKER_FIELD[CLASSES[entity].className as keyof typeof MARKER_FIELD];
      for (const { key, reference } of some) {
        const marker = markerOf(reference);
        found.push({ key, candidates: records.filter(({ raw }) => textOf(raw[field]).includes(marker)) });
      }
    }
    return found;
  }

  /** By the marker; LIKE is known to work, whether brackets mean something in it is not. */
  async function byMarker(entity: Entity, marks: readonly string[]): Promise<ExternalRecord[]> {
    const { className } = CLASSES[entity];
    const field = MARKER_FIELD[className as keyof typeof MARKER_FIELD];
    const ql = marks.map(() => `${field} LIKE ?`).join(' OR ');
    const filter = where(
      `(${ql})`,
      marks.map((reference) => `%CF:${reference}%`),
    );
    const rows = await pages.all({ className, fields: `id, ${field}`, filters: [filter] });
    const exact = rows.filter((row) =>
      marks.some((reference) => textOf(row[field]).includes(markerOf(reference))),
    );
    return reader.read(
      entity,
      exact.map((row) => String(idOf(row))),
    );
  }

  /** A user name is unique; somebody who had it before is for a person to judge. */
  async function findPerson(op: CreateOp): Promise<FoundCreated> {
    const userName = op.payload['strUserName'];
    if (typeof userName !== 'string') return { key: op.key, candidates: [] };
    const query = await reader.queryOf('person');
    const filters = [...(query.filters ?? []), where('strUserName = ?', [userName])];
    const rows = await pages.all({ ...query, fields: 'id', filters });
    const candidates = await reader.read(
      'person',
      rows.map((row) => String(idOf(row))),
    );
    const since = Date.parse(op.intendedAt) - CLOCK_SKEW_MS;
    const older = candidates.some(({ updatedAt }) => Date.parse(updatedAt ?? '') < since);
    return older ? { key: op.key, candidates, doubtful: true } : { key: op.key, candidates };
  }

  return { findCreated, byMarker };
}
