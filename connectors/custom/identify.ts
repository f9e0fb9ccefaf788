/**
 * Which system a document describes. Known where the probe's answer names the tenant; an address alone tells nothing, because many
 * tenants may share one. Two connections with one tenant meet only in what both of their documents describe.
 */
import { ENTITIES } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { SystemIdentity } from '../kit/contract.ts';
import { stableAddress } from '../kit/identity.ts';
import type { Client } from './client.ts';
import type { Definition } from './definition.ts';
import { textAt } from './place.ts';

/** Null where the document does not say how to find out. */
export function createIdentify(
  client: Client,
  { probe, resources }: Definition,
  baseUrl: string,
): (() => Promise<SystemIdentity>) | null {
  if (probe?.tenant === undefined) return null;
  const { path, tenant: place, account } = probe;
  return async () => {
    const { body } = await client.send({ method: 'GET', path, repeatable: true });
    const tenant = textAt(body, place);
    if (tenant === null) {
      const message = `${client.host} answers ${path} without a tenant at "${place}"; correct probe.tenant in the definition, or leave it out.`;
      throw new Failure('invalid_config', message, { path: 'probe.tenant' });
    }
    return {
      system: `custom ${stableAddress(baseUrl)} of tenant ${tenant}`,
      scopes: ENTITIES.filter((entity) => resources[entity] !== undefined).sort(),
      account: textAt(body, account),
    };
  };
}
