/**
 * `site:<letters>[+<letters>][:<number>]`: which of the five excavators a system of one site keeps books of. Behind the plus
 * stand machines of another site that its crew works on too; of their orders it holds a share. A number at the end keeps that
 * many of the newest orders of each machine, for a plant that several systems copy whole.
 */
import type { ExcavatorOrder } from './excavators.ts';

export const EXCAVATORS = ['A', 'B', 'C', 'D', 'E'] as const;
export type Excavator = (typeof EXCAVATORS)[number];

export interface ExcavatorSite {
  /** Every machine of the site, in the order of the alphabet. */
  machines: Excavator[];
  /** Those of another site. */
  visiting: Excavator[];
  /** Newest sound orders kept of each machine; all when absent. What is broken in the data is always kept. */
  newest?: number;
}

/** Null when the text names no site, and when a letter is none of A to E or stands twice. */
export function readExcavatorSite(seed: string): ExcavatorSite | null {
  const [, own = '', other = '', newest] = /^site:([A-E]+)(?:\+([A-E]+))?(?::(\d{1,5}))?$/.exec(seed) ?? [];
  const letters = own + other;
  if (letters === '' || new Set(letters).size !== letters.length) return null;
  return {
    machines: EXCAVATORS.filter((letter) => letters.includes(letter)),
    visiting: EXCAVATORS.filter((letter) => other.includes(letter)),
    ...(newest === undefined ? {} : { newest: Number(newest) }),
  };
}

/** All orders of the site's own machines; of a visiting one two of every nine sound rows out of its second half. */
export function ordersOfSite(orders: readonly ExcavatorOrder[], site: ExcavatorSite): ExcavatorOrder[] {
  const held = site.machines.flatMap((letter) => {
    const own = orders.filter(({ asset }) => asset === letter);
    return keepNewest(site.visiting.includes(letter) ? shareOf(orders, letter) : own, own, site.newest);
  });
  const chosen = new Set(held);
  return orders.filter((order) => chosen.has(order));
}

/** Of some orders of a machine those among its newest, so that two systems that both keep few still share some. */
function keepNewest(
  some: ExcavatorOrder[],
  all: readonly ExcavatorOrder[],
  newest: number | undefined,
): ExcavatorOrder[] {
  if (newest === undefined) return some;
  const byDate = all
    .filter(({ broken }) => broken === null)
    .toSorted((a, b) => a.date.localeCompare(b.date) || a.line - b.line);
  const kept = new Set(byDate.slice(Math.max(0, byDate.length - newest)));
  return some.filter((order) => order.broken !== null || kept.has(order));
}

function shareOf(orders: readonly ExcavatorOrder[], letter: Excavator): ExcavatorOrder[] {
  const own = orders.filter(({ asset, broken }) => asset === letter && broken === null);
  return own.slice(Math.floor(own.length / 2)).filter((_, i) => (i * 2) % 9 < 2);
}
