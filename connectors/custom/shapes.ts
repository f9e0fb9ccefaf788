/** The small words of a described system's document, shared by its parts. Each is explained in README.md. */
import { z } from 'zod';
import type { Json } from '../../domain/json.ts';
import { pathProblem } from '../../domain/path.ts';

/** A place in a body: `data.items`, `links.0.href`, `` `Functional Loc.`.code ``; read by domain/path.ts. */
export const place = z
  .string()
  .max(300)
  .refine(
    (text) => pathProblem(text) === null,
    'expected a place such as data.items; a name with a dot in it stands in backticks',
  );
export const path = z.string().regex(/^\/\S*$/, 'expected a path that begins with / and holds no blanks');
export const itemPath = path.refine(
  (text) => /\{(id|\d)\}/.test(text),
  'expected {id} somewhere in the path',
);
export const name = z.string().min(1).max(200);
export const status = z.number().int().min(200).max(599);
export const errorStatus = z.number().int().min(400).max(599);
export const zone = z.string().refine(isZone, 'expected an IANA time zone such as Australia/Perth');

/** Any JSON; a text in braces, such as `{since}`, is filled in when the call is made. */
export const template: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(template), z.record(z.string(), template)]),
);
export const templateObject = z.record(z.string(), template);

/** How the system writes instants. `rfc3339` without offset is read in `zone`. */
export const stampFormat = z.enum(['rfc3339', 'epoch_ms', 'epoch_s']);
export const stamp = z.union([
  place.transform((at) => ({ path: at, format: 'rfc3339' as const, zone: 'UTC' })),
  z.strictObject({ path: place, format: stampFormat.default('rfc3339'), zone: zone.default('UTC') }),
]);
export type Stamp = z.infer<typeof stamp>;

function isZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
