/**
 * Names of members in the two spellings we use: camelCase in code, snake_case in PostgreSQL and in the HTTP contract. Only the
 * members of the object itself are renamed; what lies below them is data and keeps its names.
 */

export type SnakeName<Name> = Name extends `${infer Head}${infer Tail}`
  ? Tail extends Uncapitalize<Tail>
    ? `${Lowercase<Head>}${SnakeName<Tail>}`
    : `${Lowercase<Head>}_${SnakeName<Uncapitalize<Tail>>}`
  : Name;
export type CamelName<Name> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelName<Tail>>}`
  : Name;

export type InSnakeCase<T> = { [K in keyof T as SnakeName<K>]: T[K] };
export type InCamelCase<T> = { [K in keyof T as CamelName<K>]: T[K] };

/** `hubId` to `hub_id`. */
export function snakeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `hub_id` to `hubId`. */
export function camelName(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/** `{ hubId: 1 }` to `{ hub_id: 1 }`. */
export function inSnakeCase<T extends object>(value: T): InSnakeCase<T> {
  return renamed(value, snakeName) as InSnakeCase<T>;
}

/** `{ hub_id: 1 }` to `{ hubId: 1 }`. */
export function inCamelCase<T extends object>(value: T): InCamelCase<T> {
  return renamed(value, camelName) as InCamelCase<T>;
}

function renamed(value: object, rename: (name: string) => string): object {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), member as unknown]));
}
