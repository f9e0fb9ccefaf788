/** The names of seeds, the same for every vendor: `empty`, `excavators`, `site:<letters>[+<letters>][:<number>]`, `orders:<number>`. */
import { EXCAVATORS, readExcavatorSite, type ExcavatorSite } from './excavator-site.ts';

export type SeedName =
  | { kind: 'empty' }
  /** `whole` for all five machines, under the name `excavators`. */
  | { kind: 'site'; site: ExcavatorSite; whole: boolean }
  | { kind: 'orders'; count: number };

/** Throws one sentence when there is no such seed. */
export function readSeedName(seed: string): SeedName {
  if (seed === 'empty') return { kind: 'empty' };
  if (seed === 'excavators') {
    return { kind: 'site', site: { machines: [...EXCAVATORS], visiting: [] }, whole: true };
  }
  const orders = /^orders:(\d{1,7})$/.exec(seed)?.[1];
  if (orders !== undefined) return { kind: 'orders', count: Number(orders) };
  const site = readExcavatorSite(seed);
  if (site !== null) return { kind: 'site', site, whole: false };
  throw new TypeError(
    `The seed "${seed}" is unknown; use empty, excavators, orders:<number>, or site:<letters A to E>, each letter once, with ` +
      '+<letters> of visitors and :<number> of the newest orders behind it if wanted.',
  );
}
