/** The tenant's budget: sub-requests in any minute of the sandbox's clock (contract 4.3). */
import { FiixError } from './fiix-error.ts';
import type { Tenant } from './tenant.ts';

const MINUTE_MS = 60_000;

export interface Throttle {
  /** Throws code 1100 when the minute's budget is used up; a refused request costs nothing. */
  take(cost: number): void;
}

export function createThrottle({ world, dials }: Tenant): Throttle {
  let spent: { at: number; cost: number }[] = [];
  return {
    take(cost) {
      if (dials.budgetPerMinute === null) {
        spent = [];
        return;
      }
      const now = world.clock.now();
      spent = spent.filter(({ at }) => at > now - MINUTE_MS);
      const used = spent.reduce((sum, entry) => sum + entry.cost, 0);
      if (used + cost <= dials.budgetPerMinute) {
        spent.push({ at: now, cost });
        return;
      }
      world.stats.violation();
      const advice = dials.adviceMs === null ? {} : { P_CLIENT_AUTO_RETRY_WAIT_ADVISORY_MS: dials.adviceMs };
      throw new FiixError('SERVER_REQUEST_RECEIVE', 1100, 'Too many requests', advice);
    },
  };
}
