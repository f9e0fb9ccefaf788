/**
 * `site:<letters>` and `site:<letters>+<letters>`: which of the five excavators a system of one site keeps books of. Behind the
 * plus stand machines of another site that its crew works on too; of their orders it holds a share.
 */
import type { ExcavatorOrder } from './excavators.ts';

export const EXCAVATORS = ['A', 'B', 'C', 'D', 'E'] as const;
export type Excavator = (typeof EXCAVATORS)[number];

export interface ExcavatorSite {
  /** Every machine of the site, in the order of the alphabet. */
  machines: Excavator[];
  /** Those of another site. */
  visiting: Excavator[];
}

/** Null when the text names no site, and when a letter is none of A to E or stands twice. */
export function readExcavatorSite(seed: string): ExcavatorSite | null {
  const [, own = '', other = ''] = /^site:([A-E]+)(?:\+([A-E]+))?$/.exec(seed) ?? [];
  const letters = own + other;
  if (letters === '' || new Set(letters).size !== letters.length) return null;
  return {
    machines: EXCAVATORS.filter((letter) => letters.includes(letter)),
    visiting: EXCAVATORS.filter((letter) => other.includes(letter)),
  };
}

/** All orders of the site's own machines; of a visiting one two of every nine sound rows out of its second half. */
export function ordersOfSite(orders: readonly ExcavatorOrder[], site: ExcavatorSite): ExcavatorOrder[] {
  const chosen = new Set(site.visiting.flatMap((letter) => shareOf(orders, letter)));
  return orders.filter(
    (order) =>
      chosen.has(order) ||
      site.machines.some((letter) => letter === order.asset && !site.visiting.includes(letter)),
  );
}

export function shareOf(orders: readonly ExcavatorOrder[], letter: Excavator): ExcavatorOrder[] {
  const own = orders.filter(({ asset, broken }) => asset === letter && broken === null);
  return own.slice(Math.floor(own.length / 2)).filter((_, i) => (i * 2) % 9 < 2);
}
