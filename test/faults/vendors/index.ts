/** Every system that scenarios are played with. */
import { chatterfix } from './chatterfix.ts';
import { custom } from './custom.ts';
import { fiix } from './fiix.ts';
import { maximo } from './maximo.ts';
import { sapPm } from './sap-pm.ts';
import { sql } from './sql.ts';
import { upkeep } from './upkeep.ts';
import type { Vendor } from './vendor.ts';

export const VENDORS = {
  maximo,
  upkeep,
  fiix,
  sap_pm: sapPm,
  chatterfix,
  custom,
  sql,
} as const satisfies Record<string, Vendor>;
export type System = keyof typeof VENDORS;
export const SYSTEMS = Object.keys(VENDORS) as readonly System[];

export function vendorOf(system: string): Vendor {
  const vendor: Vendor | undefined = Object.hasOwn(VENDORS, system) ? VENDORS[system as System] : undefined;
  if (vendor === undefined) throw new Error(`The scenarios know nobody of ${system}.`);
  return vendor;
}
