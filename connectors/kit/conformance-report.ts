/** What the conformance suite has proved, as a table: one line a system, one column an aspect. */
import type { Entity } from '../../domain/entities/index.ts';

/** What is proved, in the order of the table, with what it means. */
export const ASPECTS = {
  access: 'addresses, credentials, settings, cursors of others, an abort',
  sessions: 'logins and tokens that end, also between reading and writing; one login for all workers',
  failures: 'blips, outages, throttles, login pages instead of data, clocks that are wrong',
  reading: 'every record once at any page size, by any worker; sweeps; single reads',
  movement: 'what is entered, changed and deleted while pages are read; what the next pass sees',
  creating: 'what was told, in order; a bad record among good ones',
  'lost answers': 'a write is carried out once whatever becomes of its answer',
  updating: 'fields as told; a record that moved or is gone is not written',
  removing: 'gone, and a second time is fine; or refused where it is impossible',
  retiring: "out of use in the vendor's own way, and back; or refused where it has none",
  comments: 'appended once',
  files: 'both ways as far as the capability table says',
  literals: 'quotes, scripts, markup, moments with zones and decimals survive the wire',
  schema: 'discover() lists at least what the mappings read',
  refusals: 'every verb is refused where the capability table says no, without a call',
} as const;
export type Aspect = keyof typeof ASPECTS;

export interface Proof {
  /** Title of the system, with the variant that was proved. */
  of: string;
  entity: Entity | null;
  aspect: Aspect;
  passed: boolean;
}

/** Markdown; `12` of twelve tests that passed, `11 of 12`, or nothing where the system has nothing to prove. */
export function proofTable(proofs: readonly Proof[]): string {
  const aspects = Object.keys(ASPECTS) as Aspect[];
  const systems = [...new Set(proofs.map((proof) => proof.of))];
  const cell = (of: string, aspect: Aspect): string => {
    const all = proofs.filter((proof) => proof.of === of && proof.aspect === aspect);
    const passed = all.filter((proof) => proof.passed).length;
    if (all.length === 0) return '';
    return passed === all.length ? String(passed) : `${passed} of ${all.length}`;
  };
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['', ...aspects]),
    line(['---', ...aspects.map(() => '---')]),
    ...systems.map((of) => line([of, ...aspects.map((aspect) => cell(of, aspect))])),
  ].join('\n');
}
