/**
 * Five sites of one company, each with a system of its own (data/README.md keeps the attribution of the orders). A site keeps one
 * machine's books wholly, and of a neighbour's machine what its crew did there (behind the plus): so every machine stands in two
 * systems under two names, and first contact and conflicts are real.
 */
import type { JsonObject } from '../../domain/json.ts';
import { repositories } from '../../store/index.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import { saveSecret } from '../../store/connections/secrets.ts';
import { addConnection } from '../add-connection.ts';
import { issueWebhookUrl, subscribeWebhook } from '../connection-service.ts';
import { defaultTenant } from '../open.ts';
import { sandboxKind } from '../sandboxes.ts';
import type { LocalSandbox, LocalStack } from '../stack/local-stack.ts';

/** Newest orders kept of each machine: every order is written to four more systems, and the tour should not take longer than a coffee. */
const ORDERS = 300;

/** Maximo's machine has the row that is broken in the data. ChatterFix is the generation that can change an order. */
export const SITES = [
  { system: 'maximo', seed: `site:B+C:${String(ORDERS)}` },
  { system: 'upkeep', seed: `site:A+B:${String(ORDERS)}` },
  { system: 'fiix', seed: `site:C+D:${String(ORDERS)}` },
  { system: 'sap_pm', seed: `site:E+A:${String(ORDERS)}` },
  { system: 'chatterfix', seed: `site:D+E:${String(ORDERS)}@consolidated` },
] as const;

export interface Site {
  connection: ConnectionRow;
  sandbox: LocalSandbox;
}

/** Adds the connections on the first start; later starts only tell them where the sandboxes are now. */
export async function connectSites(stack: LocalStack): Promise<Site[]> {
  const { program } = stack;
  const tenant = await defaultTenant(program);
  const existing = await program.store.inTenant(tenant.id, (tx) => repositories.connections.list(tx));
  const sites: Site[] = [];
  for (const sandbox of stack.sandboxes) {
    const { system } = sandbox;
    const seed = SITES.find((site) => site.system === system)?.seed ?? '';
    const { config, secret } = sandboxKind(system).connection(sandbox, seed);
    const known = existing.find(({ name }) => name === system);
    const connection =
      known === undefined
        ? await addConnection(program, {
            tenantId: tenant.id,
            system,
            name: system,
            config: { ...config, ...(system === 'maximo' ? { allowClose: true } : {}), pageSize: 500 },
            secret,
            pollSeconds: 60,
            requestsPerSecond: 1_000,
          })
        : await moveConnection(stack, known, config, secret);
    sites.push({ connection, sandbox });
  }
  return sites;
}

async function moveConnection(
  stack: LocalStack,
  connection: ConnectionRow,
  config: JsonObject,
  secret: JsonObject,
): Promise<ConnectionRow> {
  const { program } = stack;
  return program.store.inTenant(connection.tenantId, async (tx) => {
    await repositories.connections.setConfig(tx, connection.id, { ...connection.config, ...config });
    const ref = { tenantId: connection.tenantId, connectionId: connection.id };
    await saveSecret(tx, program.ring, { ...ref, purpose: 'credentials' }, secret);
    return repositories.connections.load(tx, connection.id);
  });
}

/**
 * UpKeep has webhooks to subscribe to; Maximo's administrator points a publish channel at us (contract 5.4); the others are read
 * every minute. Done after the first sync, whose own writes would all come back as hints.
 */
export async function hearChanges(stack: LocalStack, { connection, sandbox }: Site): Promise<void> {
  if (stack.program.sync.connector(connection.system).manifest.webhooks) {
    await subscribeWebhook(stack.program, connection, stack.apiUrl);
    return;
  }
  if (connection.system !== 'maximo') return;
  const { url } = await issueWebhookUrl(stack.program, connection, stack.apiUrl);
  await fetch(`${sandbox.controlUrl}/dials/publishChannel`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ value: { endpoint: url } }),
    signal: AbortSignal.timeout(10_000),
  });
}
