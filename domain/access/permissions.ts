/**
 * Who may do what: six roles, each a list of `resource:action` patterns, and the closed list of resources with their
 * actions. A route names one permission; a key or token has a role and may be narrowed further by scopes.
 */

export const ROLES = ['admin', 'manager', 'supervisor', 'technician', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** Every resource with the actions there are on it. */
export const RESOURCES = {
  // What a plant works with.
  work_orders: ['read', 'create', 'update', 'delete'],
  maintenance: ['read', 'create', 'update', 'delete', 'execute'],
  assets: ['read', 'create', 'update', 'delete', 'report'],
  alerts: ['read', 'update'],
  locations: ['read', 'create', 'update', 'delete'],
  parts: ['read', 'create', 'update', 'delete'],
  meters: ['read', 'create', 'update', 'delete', 'report'],
  people: ['read', 'create', 'update', 'delete'],
  requests: ['read', 'create', 'update', 'delete'],
  templates: ['read', 'create', 'update', 'delete'],
  calendars: ['read', 'create', 'update', 'delete'],
  files: ['read', 'create', 'delete'],
  // How it is kept in step with other systems.
  connections: ['read', 'create', 'update', 'delete', 'test'],
  mappings: ['read', 'create', 'update', 'delete'],
  sync: ['read', 'run', 'cancel'],
  conflicts: ['read', 'resolve'],
  quarantine: ['read', 'resolve'],
  matches: ['read', 'resolve'],
  links: ['read', 'update', 'delete'],
  // Who may come in, and what they did.
  keys: ['read', 'create', 'delete'],
  audit: ['read'],
  metrics: ['read'],
} as const satisfies Record<string, readonly string[]>;

export type Resource = keyof typeof RESOURCES;
export type Permission = { [R in Resource]: `${R}:${(typeof RESOURCES)[R][number]}` }[Resource];

export const PERMISSIONS: readonly Permission[] = Object.entries(RESOURCES).flatMap(([resource, actions]) =>
  actions.map((action) => `${resource}:${action}` as Permission),
);

const PLANT_READ = [
  'work_orders:read',
  'maintenance:read',
  'assets:read',
  'alerts:read',
  'locations:read',
  'parts:read',
  'meters:read',
  'people:read',
  'requests:read',
  'templates:read',
  'calendars:read',
  'files:read',
] as const;

/** `resource:*` is every action of the resource. */
const GRANTS: Readonly<Record<Role, readonly string[]>> = {
  admin: Object.keys(RESOURCES).map((resource) => `${resource}:*`),
  manager: Object.keys(RESOURCES)
    .filter((resource) => resource !== 'keys')
    .map((resource) => `${resource}:*`),
  supervisor: [
    ...PLANT_READ,
    'work_orders:*',
    'maintenance:*',
    'assets:*',
    'alerts:*',
    'meters:*',
    'requests:*',
    'parts:*',
    'templates:*',
    'files:*',
    'locations:create',
    'locations:update',
    'connections:read',
    'mappings:read',
    'sync:read',
    'sync:run',
    'conflicts:*',
    'quarantine:*',
    'matches:*',
    'links:read',
  ],
  technician: [
    ...PLANT_READ,
    'work_orders:create',
    'work_orders:update',
    'maintenance:execute',
    'assets:report',
    'alerts:update',
    'meters:report',
    'requests:create',
    'requests:update',
    'files:create',
    'sync:read',
  ],
  operator: [
    ...PLANT_READ,
    'assets:report',
    'alerts:update',
    'meters:report',
    'requests:create',
    'files:create',
    'sync:read',
  ],
  viewer: [...PLANT_READ, 'sync:read'],
};

/** Whether the role has the permission and, when there are scopes, one of them does too. */
export function mayDo(
  who: { role: Role; scopes: readonly string[] | null },
  permission: Permission,
): boolean {
  return (
    coversScope(GRANTS[who.role], permission) && (who.scopes === null || coversScope(who.scopes, permission))
  );
}

/** Whether everything `inner` may do, today and after a resource gets an action more, `outer` may too. */
export function roleCovers(outer: Role, inner: Role): boolean {
  return GRANTS[inner].every((pattern) => coversScope(GRANTS[outer], pattern));
}

/** Whether one of these scopes takes in all that `scope` does: an action is within its resource, never the other way round. */
export function coversScope(scopes: readonly string[], scope: string): boolean {
  const [resource] = scope.split(':');
  return scopes.some((one) => one === '*' || one === scope || one === `${String(resource)}:*`);
}

/** A scope is a permission, `resource:*`, or `*`. */
export function isScope(text: string): boolean {
  if (text === '*') return true;
  const [resource = '', action = ''] = text.split(':');
  return (
    (PERMISSIONS as readonly string[]).includes(text) ||
    (action === '*' && Object.hasOwn(RESOURCES, resource))
  );
}
