/** What a connection to somebody's database is configured with: where it is, and which table or query holds which entity. */
import { z } from 'zod';
import { ENTITIES } from '../../domain/entities/index.ts';
import { defaultEntities } from './default-layout.ts';
import { entity, zone } from './entity-config.ts';

export const configSchema = z
  .strictObject({
    dialect: z.enum(['postgres', 'mysql', 'sqlite']),
    host: z
      .string()
      .regex(/^[A-Za-z0-9._:-]+$/, 'expected a host name or an address')
      .optional(),
    port: z.number().int().min(1).max(65_535).optional(),
    database: z.string().min(1).max(128).optional(),
    /** SQLite only. */
    file: z.string().min(1).optional(),
    /** `verify` checks the certificate, `require` only encrypts, `off` sends everything readable. */
    tls: z.enum(['verify', 'require', 'off']).default('verify'),
    /** Certificate authority, PEM. */
    ca: z.string().min(1).optional(),
    /** Where times without offset were written. */
    zone: zone.default('UTC'),
    timeoutMs: z.number().int().min(100).max(300_000).default(30_000),
    connectionsMax: z.number().int().min(1).max(10).default(2),
    /** Absent: the default layout of the README. */
    entities: z
      .partialRecord(z.enum(ENTITIES), entity)
      .refine((all) => Object.keys(all).length > 0, 'name at least one entity')
      .default(() => defaultEntities()),
  })
  .superRefine((config, context) => {
    const wanted = config.dialect === 'sqlite' ? (['file'] as const) : (['host', 'database'] as const);
    for (const field of wanted) {
      if (config[field] !== undefined) continue;
      context.addIssue({ code: 'custom', path: [field], message: `${config.dialect} needs it` });
    }
  });
export type SqlConfig = z.infer<typeof configSchema>;
export type Dialect = SqlConfig['dialect'];

/** Sealed at rest. SQLite wants none. */
export const secretSchema = z
  .strictObject({ user: z.string().min(1).optional(), password: z.string().optional() })
  .meta({ secret: true });
export type SqlSecret = z.infer<typeof secretSchema>;
