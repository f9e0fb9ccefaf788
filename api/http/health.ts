/** `GET /health`: the process lives. `GET /ready`: what it needs answers; 503 names what does not. */
import type { FastifyInstance } from 'fastify';

export interface HealthDeps {
  /** Name to a check that rejects when the part cannot be used. */
  checks: Readonly<Record<string, () => Promise<unknown>>>;
}

const CHECK_TIMEOUT_MS = 2_000;

export function healthRoutes(app: FastifyInstance, deps: HealthDeps): void {
  app.get('/health', async () => ({ status: 'healthy' }));
  app.get('/ready', async (_request, reply) => {
    const parts = await Promise.all(
      Object.entries(deps.checks).map(async ([name, check]) => [name, await usable(check)] as const),
    );
    const ready = parts.every(([, ok]) => ok);
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not_ready', parts: Object.fromEntries(parts) });
  });
}

async function usable(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check().then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
