/** How a record looks from outside, as the dials want it. */
import type { Dials } from './dials.ts';
import { SCHEMA, type ObjectName } from './schema.ts';
import type { Row, Values } from './store.ts';

/** A moment in the system's format. */
export function showTime(ms: number, format: Dials['timeFormat']): string | number {
  const iso = new Date(ms).toISOString();
  if (format === 'rfc3339') return iso;
  if (format === 'naive') return iso.slice(0, -1);
  return format === 'epoch_ms' ? ms : Math.floor(ms / 1000);
}

function shownValues(object: ObjectName, values: Values, dials: Dials): Values {
  if (dials.timeFormat === 'rfc3339') return values;
  const shown: Record<string, unknown> = { ...values };
  for (const [name, { kind }] of Object.entries(SCHEMA[object].columns)) {
    const value = values[name];
    if (kind === 'time' && typeof value === 'string')
      shown[name] = showTime(Date.parse(value), dials.timeFormat);
  }
  return shown;
}

export function show(object: ObjectName, row: Row, dials: Dials): Record<string, unknown> {
  const { timeFormat, referenceField, versions, deletes } = dials;
  return {
    id: row.id,
    ...shownValues(object, row.values, dials),
    ...(referenceField === 'none' ? {} : { [referenceField]: row.reference }),
    ...(versions ? { version: row.version } : {}),
    created_at: showTime(row.createdAt, timeFormat),
    updated_at: showTime(row.updatedAt, timeFormat),
    ...(deletes === 'soft'
      ? { deleted_at: row.deletedAt === null ? null : showTime(row.deletedAt, timeFormat) }
      : {}),
  };
}

/** Gives the record as JSON; kept with the row while the dials that shape it stand. */
export function createTexts(dials: Dials): (object: ObjectName, row: Row) => string {
  const kept = new WeakMap<Row, { shape: string; text: string }>();
  return (object, row) => {
    const shape = `${dials.timeFormat} ${dials.referenceField} ${dials.versions} ${dials.deletes}`;
    const found = kept.get(row);
    if (found?.shape === shape) return found.text;
    const text = JSON.stringify(show(object, row, dials));
    kept.set(row, { shape, text });
    return text;
  };
}
