/** The fields that scenarios edit. How each system spells them is in `vendors/`. */
import type { SandboxControl } from '../../connectors/kit/sandbox/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { vendorOf } from './vendors/index.ts';
import type { Kind, Spelling } from './vendors/vendor.ts';

interface FieldFacts {
  /** Every edit has a value of its own, stored without loss wherever it can be typed: it can be told where it ended. */
  exact: boolean;
}
const exact: FieldFacts = { exact: true };
const inWords: FieldFacts = { exact: false };

/** The work orders' title is the name of the others: the record's key is its first word. */
export const FIELDS: Readonly<Record<Kind, Readonly<Record<string, FieldFacts>>>> = {
  work_order: {
    title: exact,
    description: exact,
    dueAt: exact,
    estimatedMinutes: exact,
    priority: inWords,
    status: inWords,
  },
  asset: { name: exact, description: exact, manufacturer: exact },
  location: { name: exact },
};

export function titleField(kind: Kind): 'title' | 'name' {
  return kind === 'work_order' ? 'title' : 'name';
}

export function spellingOf(system: string, kind: Kind, field: string): Spelling | null {
  return vendorOf(system).screens[kind]?.fields[field] ?? null;
}

/** Canonical fields as a person of this vendor types them into a new record. */
export function spell(system: string, kind: Kind, fields: JsonObject, control: SandboxControl): JsonObject {
  return Object.assign(
    {},
    ...Object.entries(fields).map(
      ([field, value]) => spellingOf(system, kind, field)?.write(value, null, control) ?? {},
    ),
  ) as JsonObject;
}
