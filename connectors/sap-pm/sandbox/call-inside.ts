/** A call that no client made: of a person in SAP's own screens, or of a migration. */
import type { Service } from './services.ts';
import type { Call, World } from './world.ts';

export function callInside(world: World, service: Service, user: string): Call {
  const request = {
    method: 'POST',
    path: '',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
    json: () => undefined,
  };
  const root = `http://screen${service.path}`;
  return { world, request, service, root, user, language: 'EN', written: [], person: true };
}
