/**
 * An imitation of ChatterFix, to test and demonstrate against: one installation of one of its generations, built from the wire
 * contract alone. It keeps its own state and shares nothing with the connector.
 */
import {
  startVendor,
  type Opened,
  type Opening,
  type RunningSandbox,
  type SandboxOptions,
} from '../../kit/sandbox/index.ts';
import { DIALS } from './dials.ts';
import type { Generation, Mount, ObjectName } from './generation.ts';
import { generations } from './generations.ts';
import { handleRequest } from './router.ts';
import { screensOf } from './screens.ts';
import { readSeed } from './seed.ts';
import { ACCOUNT, createSessions } from './sessions.ts';
import type { Row } from './table.ts';
import { createTenant } from './tenant.ts';
import { issuesAnswer } from './validation-issue.ts';

/** These make another installation: it starts from the seed again. */
const DEPLOYING: readonly string[] = ['generation', 'zone', 'database'];

/** Says that the installation was there before. */
type More = { deployed: true };

async function open(opening: Opening<typeof DIALS, More>): Promise<Opened<ObjectName, Row, More>> {
  const { world, dials, seed, more } = opening;
  const { plant, generation } = await readSeed(seed);
  if (more === null) dials.generation = generation;
  const current = (): Generation => generations[dials.generation];
  const sessions = createSessions(world, () => dials.tokenLifetimeMs);
  const tenant = createTenant({ world, dials, sessions, generation: current });
  let mounts: readonly Mount[] = [];
  /** Longest prefix first: '' would take everything. */
  const mount = (): void => {
    mounts = current()
      .mounts(tenant)
      .toSorted((a, b) => b.prefix.length - a.prefix.length);
  };
  const deploy = (): void => {
    tenant.clear();
    current().fill(tenant, plant);
  };
  mount();
  const { username, password, apiKey } = ACCOUNT;
  return {
    tables: tenant.tables,
    credentials: { apiKey, username, password, profile: dials.generation },
    handle: (request) => handleRequest(tenant, mounts, request),
    refusal(_request, msg) {
      const issue = { type: 'value_error', loc: ['body'], msg, input: null };
      return { status: 422, body: issuesAnswer([issue], dials.pydantic) };
    },
    ...screensOf(tenant),
    turning(name) {
      if (name !== 'restart') return false;
      current().restart?.(tenant);
      mount();
      return true;
    },
    turned(name) {
      if (name === 'staleReads') tenant.past.turned();
      if (DEPLOYING.includes(name)) deploy();
      mount();
    },
    expireSessions: () => sessions.expireAll(),
    fill: deploy,
    more: () => ({ deployed: true }),
  };
}

export function startChatterfixSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  return startVendor({ system: 'chatterfix', dials: DIALS, open }, options);
}
