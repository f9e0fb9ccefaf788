/** Every route under right, nearly right and hostile requests of one tenant, beside another one that nobody may touch. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Route } from '../../api/http/frame/route.ts';
import { ROUTES } from '../../api/http/routes.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { SECRET_MARK } from './hostile.ts';
import { faultsOf } from './judge.ts';
import { exampleWithId, requestsOf, type WireRequest } from './requests.ts';
import { asCurl, send, type WireAnswer } from './send.ts';
import { neighbourId, nobodysId, openWorld, type World } from './world.ts';

const { seed, runs } = fuzzRuns();
/** Enough for the slowest route in the lane of its own; each request has a bound of its own. */
const TEST_MS_MAX = 60_000 + runs * 2_000;

/** Answers by status class: a lane in which everything is refused would prove little. */
const answered: Record<string, number> = {};

let world: World;
let untouched: Record<string, string>;
beforeAll(async () => {
  world = await openWorld();
  untouched = await world.neighbourRows();
}, TEST_MS_MAX);
afterAll(() => world.close());

const byName = ROUTES.map((route) => [route.id, route] as const);

describe('hostile requests', () => {
  it.each(byName)(
    '%s answers them as it says, and shows nothing else',
    async (_id, route) => {
      await fc.assert(
        fc.asyncProperty(requestsOf(route, world.pools), async (wire) => {
          const faults = await judged(route, wire);
          if (faults.length > 0) throw new Error(`${faults.join('; ')}\n${asCurl(wire)}`);
        }),
        { seed, numRuns: runs },
      );
      expect(await world.neighbourRows()).toEqual(untouched);
    },
    TEST_MS_MAX,
  );
});

describe('the requests', () => {
  it('are carried out often enough to change things, and refused often enough to try the refusals', () => {
    const { '2xx': good = 0, '4xx': refused = 0 } = answered;
    const all = good + refused;
    expect({ good: good > all / 10, refused: refused > all / 4 }).toEqual({ good: true, refused: true });
  });
});

describe('ids of another tenant', () => {
  it('there is a neighbour with as much as we have', () => {
    expect(Object.values(untouched).filter((sum) => !sum.startsWith('0 ')).length).toBeGreaterThan(8);
  });

  it.each(byName)('%s treats them as ids of nobody', async (_id, route) => {
    const theirs = await send(world.target, exampleWithId(route, neighbourId));
    await world.restore();
    const nobodys = await send(world.target, exampleWithId(route, nobodysId));
    await world.restore();
    expect(faultsOf(route, exampleWithId(route, neighbourId), theirs, world)).toEqual([]);
    expect(comparable(theirs)).toEqual(comparable(nobodys));
    expect(await world.neighbourRows()).toEqual(untouched);
  });
});

/** Sends, judges, takes back. What the API reports as its own fault counts, whatever the answer was. */
async function judged(route: Route, wire: WireRequest): Promise<string[]> {
  let answer: WireAnswer;
  try {
    answer = await send(world.target, wire);
  } catch (error) {
    return [String(error)];
  }
  const kind = `${String(Math.floor(answer.status / 100))}xx`;
  answered[kind] = (answered[kind] ?? 0) + 1;
  const faults = faultsOf(route, wire, answer, world);
  for (const bug of world.api.bugs.splice(0)) {
    const told = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
    faults.push(`reported: ${told.split('\n').slice(0, 6).join('\n')}`);
    if (told.includes(SECRET_MARK)) faults.push('reports a credential');
  }
  if (wire.method !== 'GET' && answer.status < 400) {
    if (wire.body?.includes(SECRET_MARK) === true) {
      const tables = await world.readableSecrets();
      if (tables.length > 0) faults.push(`stores a credential readable in ${tables.join(', ')}`);
    }
    await world.restore();
  }
  return faults;
}

/** An answer without what differs between any two requests: ids, times, new keys, and the request's own id. */
function comparable({ status, body }: WireAnswer): unknown {
  const text = body
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/cfx_[\w-]+/g, '<key>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    // Where a watch begins: the server's count of transactions, which goes on as its clock does.
    .replaceAll(/(?<=^id: |"changes":\[\],"cursor":")WyI[\w-]+/gm, '<point>');
  return { status, text };
}
