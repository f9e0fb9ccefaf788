/** How a described system is logged in to, and how it says that a session has ended. */
import { z } from 'zod';
import { CLIENT_AUTHS } from '../kit/oauth2.ts';
import { errorStatus, name, path, place, stampFormat, status, templateObject } from './shapes.ts';

const login = z
  .strictObject({
    type: z.literal('login'),
    method: z.enum(['POST', 'GET', 'PUT']).default('POST'),
    path,
    /** What the call sends; `{username}`, `{password}` and `{apiKey}` are those of the secret. */
    body: templateObject.default({ username: '{username}', password: '{password}' }),
    /** Whether the body travels as JSON or as a form. */
    as: z.enum(['json', 'form']).default('json'),
    headers: z.record(name, z.string()).default({}),
    /** Where the answer holds the token. */
    token: place.optional(),
    /** The cookie that is the session, in place of a token. */
    cookie: name.optional(),
    /** How the token goes with every other call. */
    header: name.default('authorization'),
    prefix: z.string().max(50).default('Bearer '),
    /** When the token ends: an instant in the answer, or a number of seconds from now. */
    expiresAt: z.strictObject({ path: place, format: stampFormat.default('rfc3339') }).optional(),
    expiresIn: place.optional(),
    /** When the answer does not say. Absent: until the system refuses it. */
    lifetimeMinutes: z.number().positive().max(527_040).optional(),
  })
  .refine(({ token, cookie }) => (token === undefined) !== (cookie === undefined), {
    path: ['token'],
    message: 'give either token or cookie',
  });
export type LoginDefinition = z.infer<typeof login>;

export const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer') }),
  z.strictObject({
    type: z.literal('api_key'),
    in: z.enum(['header', 'query']).default('header'),
    name: name.default('x-api-key'),
    /** Stands before the key, e.g. `Token `. */
    prefix: z.string().max(50).default(''),
  }),
  z.strictObject({ type: z.literal('basic') }),
  z.strictObject({
    type: z.literal('oauth2'),
    tokenUrl: z.url({ protocol: /^https?$/ }),
    scope: z.string().optional(),
    clientAuth: z.enum(CLIENT_AUTHS).default('basic'),
  }),
  login,
]);
export type AuthDefinition = z.infer<typeof auth>;

export const errors = z.strictObject({
  /** Statuses that mean: refused for good, repeating cannot help. */
  rejected: z.array(errorStatus).default([]),
  /** Statuses that mean: try again later. */
  retry: z.array(errorStatus).default([]),
  /** Answers that mean: logged out. Each with a status, a text its body holds, or both. */
  loggedOut: z
    .array(
      z
        .strictObject({ status: status.optional(), text: z.string().min(1).max(200).optional() })
        .refine((rule) => rule.status !== undefined || rule.text !== undefined, 'give status, text or both'),
    )
    .default([]),
  /** Where an error's body holds its sentence. */
  message: place.optional(),
});
export const NO_ERRORS = { rejected: [], retry: [], loggedOut: [] };
