/** `keys`: API keys, and the keys that seal connection secrets. */
import type { Command } from 'commander';
import { OPERATOR } from '../../domain/access/delegation.ts';
import { createApiKey, listKeys, revokeKey } from '../../plant/keys/api-keys.ts';
import { ROLES, type Role } from '../../domain/access/permissions.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { rotateSecrets } from '../../store/connections/secrets.ts';
import { rotateChannelSecrets } from '../../store/notifications/documents.ts';
import { listTenants } from '../../store/access/tenants.ts';
import { json, lookInStore, operate, type OutputOptions } from '../person.ts';

interface CreateOptions extends OutputOptions {
  role: string;
  scope?: string[];
  days?: string;
}

export function addKeyCommands(keys: Command): void {
  keys
    .command('create')
    .argument('<name>', 'what the key is for, e.g. "planning board"')
    .description('makes an API key and shows it once')
    .option('--role <role>', `one of ${ROLES.join(', ')}`, 'viewer')
    .option('--scope <scope...>', 'narrows the role, e.g. work_orders:read')
    .option('--days <n>', 'days until it expires; never when absent')
    .addOption(json())
    .action(async (name: string, options: CreateOptions) => {
      await lookInStore(
        options,
        (deps) =>
          createApiKey(deps, OPERATOR, {
            name,
            role: readRole(options.role),
            scopes: options.scope,
            expiresAt: expiry(options.days, deps.now()),
          }),
        ({ key, prefix, role }) => [key, `Role ${role}; listed as ${prefix}. It is not shown again.`],
      );
    });
  keys
    .command('list')
    .description('lists the API keys, newest first')
    .addOption(json())
    .action(async (options: OutputOptions) => {
      await lookInStore(
        options,
        (deps) => listKeys(deps, { before: null, limit: 1_000 }),
        (rows) =>
          rows.map(({ id, prefix, role, name, revoked_at, expires_at, last_used_at }) =>
            [
              id,
              `${prefix}...`,
              role,
              revoked_at === null ? `expires ${expires_at ?? 'never'}` : `revoked ${revoked_at}`,
              `used ${last_used_at ?? 'never'}`,
              name,
            ].join('  '),
          ),
      );
    });
  keys
    .command('revoke')
    .argument('<id>', 'from keys list')
    .addOption(json())
    .description('revokes an API key at once')
    .action((id: string, options: OutputOptions) =>
      lookInStore(
        options,
        (deps) => revokeKey(deps, id),
        ({ name }) => [`The key "${name}" is revoked.`],
      ),
    );
  keys
    .command('rotate')
    .description('seals every connection secret anew under the first key of CHATTERFIX_ENCRYPTION_KEYS')
    .addOption(json())
    .action((options: OutputOptions) =>
      operate(
        options,
        async (_deps, { store, ring }) => {
          let rotated = 0;
          for (const tenant of await listTenants(store.db)) {
            rotated += await store.inTenant(
              tenant.id,
              async (tx) => (await rotateSecrets(tx, ring)) + (await rotateChannelSecrets(tx, ring)),
            );
          }
          return { rotated, key: ring.active };
        },
        ({ rotated, key }) => [`${String(rotated)} secrets sealed anew under key ${key}.`],
      ),
    );
}

function readRole(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (role !== undefined) return role;
  throw new Failure('invalid_request', `There is no role "${text}"; choose one of ${ROLES.join(', ')}.`);
}

function expiry(days: string | undefined, now: number): string | undefined {
  if (days === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(days))
    throw new Failure('invalid_request', `--days must be a whole number above 0, not "${days}".`);
  return new Date(now + Number(days) * 86_400_000).toISOString();
}
