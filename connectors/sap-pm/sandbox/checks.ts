/** Checks against customizing and master data, in SAP's words. */
import { CURRENT, PLANTS, WORK_CENTERS, UNITS } from './customizing.ts';
import { textOf, type Draft } from './draft.ts';
import { SapError } from './sap-error.ts';
import type { Call } from './world.ts';

export function refuse(code: string, text: string, target?: string): SapError {
  return new SapError(400, code, text, target === undefined ? {} : { target });
}

export function checkOneOf(
  draft: Draft,
  field: string,
  known: readonly string[],
  code: string,
  noun: string,
): void {
  const value = textOf(draft, field);
  if (!known.includes(value)) throw refuse(code, `${noun} ${value} is not defined`, field);
}

export function checkPlant(draft: Draft, field: string): void {
  const value = textOf(draft, field);
  if (value !== '' && !PLANTS.includes(value)) throw refuse('M3/305', `Plant ${value} does not exist`, field);
}

export function checkWorkCenter(draft: Draft, field: string, plantField: string): void {
  const value = textOf(draft, field);
  if (value === '' || WORK_CENTERS.includes(value)) return;
  throw refuse('CR/218', `Work center ${textOf(draft, plantField)} ${value} does not exist`, field);
}

export function checkUnit(draft: Draft, field: string): void {
  const value = textOf(draft, field);
  if (!UNITS.includes(value)) throw refuse('BM/302', `Unit ${value} is not created in language EN`, field);
}

export function checkEquipment(call: Call, draft: Draft, field: string): void {
  const value = textOf(draft, field);
  if (value === '') return;
  const [row] = call.world.db.where('Equipment', ['Equipment'], [value]);
  if (row === undefined) throw refuse('IE/002', `Equipment ${value} does not exist`, field);
}

export function checkLocation(call: Call, draft: Draft, field: string): void {
  const value = textOf(draft, field);
  if (value === '') return;
  if (call.world.db.get('FunctionalLocation', value) === undefined) {
    throw refuse('IL/003', `Functional location ${value} does not exist`, field);
  }
}

export function currentEquipment(call: Call, key: string): ReturnType<Call['world']['db']['get']> {
  return call.world.db
    .where('Equipment', ['Equipment'], [key])
    .find((row) => row.values['ValidityEndDate'] === CURRENT);
}
