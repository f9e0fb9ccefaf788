/** Records in the vendors' own screens, by the key that begins their title. */
import type { PlantConnection } from '../support/plant.ts';
import { spellingOf, titleField } from './fields.ts';
import { vendorOf } from './vendors/index.ts';
import type { Kind, Row, Screen } from './vendors/vendor.ts';

export function rowsOf(connection: PlantConnection, kind: Kind, key: string): Row[] {
  const title = spellingOf(connection.system, kind, titleField(kind));
  if (title === null) return [];
  return rowsOfKind(connection, kind).filter((row) => keyOf(title.read(row)) === key);
}

export function rowsOfKind({ system, sandbox }: PlantConnection, kind: Kind): Row[] {
  const screen = vendorOf(system).screens[kind];
  if (screen === null) return [];
  const rows = sandbox.control.list(screen.object) as Row[];
  return screen.holds === undefined ? rows : rows.filter((row) => screen.holds?.(row, sandbox.control));
}

/** Null when the system has no such records. */
export function screenOf(connection: PlantConnection | undefined, kind: Kind): Screen | null {
  return connection === undefined ? null : vendorOf(connection.system).screens[kind];
}

export function keyOf(title: unknown): string | null {
  return typeof title === 'string' ? (/^K\d+(?= )/.exec(title)?.[0] ?? null) : null;
}
