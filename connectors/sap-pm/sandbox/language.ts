/** What follows the logon language (contract 1.3, 4.4, 9): units, statuses, descriptions. Stored in English. */
import type { Field, Value } from './schema.ts';

const GERMAN_STATUS: Readonly<Record<string, string>> = {
  CRTD: 'EROF',
  REL: 'FREI',
  PCNF: 'TRÜC',
  CNF: 'RÜCK',
  TECO: 'TABG',
  CLSD: 'ABGS',
  DLFL: 'LVOR',
  LKD: 'GSPT',
  NOEX: 'NDUR',
  PRC: 'VOKL',
  SETC: 'ABRV',
  MANC: 'FMAT',
  NMAT: 'KMAT',
  GMPS: 'WABE',
  OSNO: 'MOFN',
  NOPO: 'MZRS',
  NOPR: 'MIAR',
  ORAS: 'AUGT',
  NOCO: 'MMAB',
};

const GERMAN_UNIT: Readonly<Record<string, string>> = {
  PC: 'ST',
  DAY: 'TAG',
  H: 'STD',
  WK: 'WCH',
  YR: 'JHR',
};

const UNIT_FIELD = /Unit$|UnitOfEntry$|EntryUoM$/;

export function germanOf(field: Field): ((value: Value) => Value) | null {
  if (!UNIT_FIELD.test(field.name)) return null;
  return (value) => (typeof value === 'string' ? (GERMAN_UNIT[value] ?? value) : value);
}

/** The other way, for what a client with a German logon writes. */
export function englishUnit(field: Field, value: Value): Value {
  if (!UNIT_FIELD.test(field.name)) return value;
  return Object.entries(GERMAN_UNIT).find(([, german]) => german === value)?.[0] ?? value;
}

export function statusToken(token: string, language: 'EN' | 'DE'): string {
  return language === 'DE' ? (GERMAN_STATUS[token] ?? token) : token;
}
