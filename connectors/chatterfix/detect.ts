/**
 * Which generation answers, read from the OpenAPI description that every FastAPI server publishes (contract 1, 3). It names
 * the profile and takes away what this build of it has no route for; without trial writes. A description that fits no
 * known generation ends in one sentence, because writing by guess would be worse.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { cutText } from '../../domain/kernel/text.ts';
import type { ProfileName } from './config.ts';
import { PROFILES } from './profiles.ts';
import type { ObjectShape, Profile } from './profile.ts';
import type { OpenApi } from './wire.ts';

type Routes = ReadonlyMap<string, ReadonlySet<string>>;

/** Each generation by routes only it has; the first that fits. */
const SIGNS: readonly { name: ProfileName | 'gateway'; fits(routes: Routes): boolean }[] = [
  { name: 'consolidated', fits: (routes) => routes.has('/work_orders') && !routes.has('/api/work-orders') },
  { name: 'microservices', fits: (routes) => routes.has('/api/work_orders') },
  { name: 'enterprise3', fits: (routes) => routes.has('/api/preventive-maintenance') },
  {
    name: 'firestore',
    fits: (routes) => routes.has('/api/pm/overview') || routes.has('/api/pm/meter-reading'),
  },
  // The same paths as the backend behind it, but no replace of an asset (contract 4.9).
  {
    name: 'gateway',
    fits: (routes) => has(routes, '/api/work-orders/{}', 'get') && routes.has('/api/pm-schedules'),
  },
  {
    name: 'unified',
    fits: (routes) => routes.has('/api/work-orders') && !hasItem(routes, '/api/work-orders'),
  },
  { name: 'cmms6b', fits: (routes) => routes.has('/api/parts/{}/stock') && routes.has('/api/work-orders') },
  // Only there can an order be changed and deleted by its id, and not read.
  {
    name: 'september',
    fits: (routes) => has(routes, '/api/work-orders/{}', 'put') && !has(routes, '/api/work-orders/{}', 'get'),
  },
];

export function detectProfile(openapi: OpenApi, host: string): Profile {
  const routes = routesOf(openapi);
  const name = SIGNS.find((sign) => sign.fits(routes))?.name;
  const title = openapi.info?.title ?? 'no title';
  if (name === undefined) {
    throw new Failure(
      'invalid_config',
      `${host} describes itself as "${cutText(title, 80)}", which is no known generation of ChatterFix; check the base URL, or set profile and detectProfile: false to speak to it all the same.`,
      { path: 'profile', code: 'UNKNOWN_GENERATION' },
    );
  }
  if (name === 'gateway') {
    throw new Failure(
      'invalid_config',
      `${host} is the user interface's gateway, which shows only the newest 100 records; set the base URL to the backend behind it.`,
      { path: 'baseUrl', code: 'GATEWAY' },
    );
  }
  return narrowed(PROFILES[name], routes);
}

/** What the description has no route for is not tried (contract 10: the short form of unified lacks reads by id). */
function narrowed(profile: Profile, routes: Routes): Profile {
  const objects = Object.fromEntries(
    Object.entries(profile.objects).flatMap(([entity, shape]): [string, ObjectShape][] => {
      const path = shape.path.replace(/\/$/, '');
      // The microservices describe each service at its own host; only what is described here is judged.
      if (!routes.has(path)) return shape.service === 'main' ? [] : [[entity, shape]];
      const item = (method: string): boolean => has(routes, `${path}/{}`, method);
      const readOne = shape.readOne && item('get');
      const update = shape.update !== null && item('put') && (readOne || shape.update === 'replace');
      const narrow: ObjectShape = {
        ...shape,
        readOne,
        created: has(routes, path, 'post') ? shape.created : null,
        update: update ? shape.update : null,
        remove: shape.remove && item('delete'),
      };
      return [[entity, narrow]];
    }),
  ) as Partial<Record<Entity, ObjectShape>>;
  const files = ['/api/{}/{}/attachments', '/api/assets/{}/attachments'].some((path) => routes.has(path));
  return {
    ...profile,
    objects,
    attachments: profile.attachments && files,
    sql: profile.sql && has(routes, '/api/query', 'post'),
  };
}

/** Paths with `{}` for every parameter and without a slash at the end, with their methods. */
function routesOf({ paths }: OpenApi): Routes {
  const routes = new Map<string, Set<string>>();
  for (const [path, methods] of Object.entries(paths)) {
    const known = path.replace(/\{[^}]*\}/g, '{}').replace(/(.)\/$/, '$1');
    routes.set(known, new Set([...(routes.get(known) ?? []), ...Object.keys(methods)]));
  }
  return routes;
}

function has(routes: Routes, path: string, method: string): boolean {
  return routes.get(path)?.has(method) === true;
}

function hasItem(routes: Routes, path: string): boolean {
  return routes.has(`${path}/{}`);
}
