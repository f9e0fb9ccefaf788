/** The dials of the control port: names and accepted values (contract section 9, switches). */
import { parseZone } from './date-time.ts';
import { readPublishDial } from './publish-channel.ts';
import type { Queries } from './query.ts';
import type { World } from './world.ts';

function count(name: string, value: unknown): number {
  if (value === true) return 1;
  if (value === false || value === null) return 0;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new TypeError(`Set the dial ${name} to a number of 0 or more.`);
}

function choice<T extends string>(name: string, value: unknown, options: readonly T[]): T {
  const found = options.find((option) => option === value);
  if (found !== undefined) return found;
  throw new TypeError(`Set the dial ${name} to one of ${options.join(', ')}.`);
}

export function setDial(world: World, queries: Queries, name: string, value: unknown): void {
  const { dials } = world;
  switch (name) {
    case 'maxPageSize':
    case 'autoPageSize':
      dials[name] = value === null ? null : count(name, value);
      return;
    case 'zoneOffset': {
      const zone = typeof value === 'string' ? parseZone(value) : null;
      if (zone === null) throw new TypeError('Set the dial zoneOffset to an offset such as "-05:00".');
      dials.zone = zone;
      return;
    }
    case 'staleReads':
      queries.freeze(count(name, value));
      return;
    case 'insertWhilePaging':
      dials.insertWhilePaging = count(name, value);
      return;
    case 'equalTimestamps':
      world.stamp.share(count(name, value));
      return;
    case 'statusRequiresWorklog':
    case 'htmlErrors':
    case 'expiredKey':
      dials[name] = value === true;
      return;
    case 'publishChannel':
      dials.publishChannel = readPublishDial(value);
      return;
    case 'unknownAttributes':
      dials.unknownAttributes = choice(name, value, ['refuse', 'ignore']);
      return;
    case 'createStatus':
      dials.createStatus = choice(name, value, ['honoured', 'ignored']);
      return;
    default:
      throw new TypeError(`The Maximo sandbox has no dial ${name}.`);
  }
}
