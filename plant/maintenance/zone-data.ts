/** The zone data of this runtime, which every date of a plan is computed with, and named by. */
import { createZones, type Zones } from '../../domain/time/zones.ts';

let zones: Zones | null = null;

/** Made once: it keeps the transitions of the zones that were asked for. */
export function zoneData(): Zones {
  zones ??= createZones({ tzdb: process.versions['tz'] ?? '' });
  return zones;
}
