/** What an SAP connection is told: where it is, which client, what new objects start with. Secrets are a schema of their own. */
import { z } from 'zod';
import { CLIENT_AUTHS } from '../kit/oauth2.ts';

const path = z.string().startsWith('/').max(300);
const code = (length: number): z.ZodString => z.string().min(1).max(length);
const words = z.record(z.string(), z.string().max(4));

export const SERVICES = [
  'orders',
  'notifications',
  'equipment',
  'locations',
  'plans',
  'products',
  'stock',
  'points',
  'readings',
] as const;
export type Service = (typeof SERVICES)[number];

export const sapConfig = z.strictObject({
  /** Scheme, host and port, e.g. `https://sap.example.com:44300`; a gateway's prefix may follow (contract 1.1). */
  baseUrl: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
  /** Without it the system's default client answers (contract 1.3). */
  sapClient: z
    .string()
    .regex(/^\d{3}$/, 'it has three digits')
    .optional(),
  /** OAuth 2.0 client credentials instead of a user (contract 1.2). */
  tokenUrl: z.url({ protocol: /^https?$/ }).optional(),
  scope: z.string().min(1).optional(),
  /** How the client names itself there; `raw_basic` for servers that take special characters unencoded. */
  clientAuth: z.enum(CLIENT_AUTHS).default('basic'),
  /** Language of long texts and product descriptions. Statuses and units are always read in English (contract, surprise 10). */
  textLanguage: z
    .string()
    .regex(/^[A-Z]{2}$/, 'it is a two-letter ISO code such as EN')
    .default('EN'),
  /**
   * Other paths of services, e.g. behind a gateway (contract 1.1: path and version are configuration). `false`: this site does
   * not offer the service, and what lives in it is left out. `stock` and `readings` leave out the stock of parts and the
   * readings of meters alone.
   */
  services: z.partialRecord(z.enum(SERVICES), z.union([path, z.literal(false)])).default({}),
  /** Planning plants to read; all that the user may see otherwise. What refers to objects of other plants waits. */
  plants: z.array(code(4)).max(50).default([]),
  /** Material types to read as parts, e.g. ERSA; all otherwise (contract 2.8). */
  productTypes: z.array(code(4)).max(50).default([]),
  /** IANA zone of dates and times that SAP keeps as local pairs, such as readings (contract 4.3). */
  timeZone: z.string().min(1).default('UTC'),
  /** Planning plant of new objects. */
  plant: code(4).optional(),
  mainWorkCenter: code(8).optional(),
  mainWorkCenterPlant: code(4).optional(),
  plannerGroup: code(3).optional(),
  activityType: code(3).optional(),
  /** Control key of new operations, and the unit that parts without one are counted in. */
  controlKey: code(4).default('PM01'),
  partUnit: code(3).default('PC'),
  /** Text field of order, equipment and location that takes our reference (contract 3.4), or a field of your own such as ZZ1_REF. */
  referenceField: z
    .string()
    .regex(/^[A-Za-z]\w{0,59}$/)
    .default('MaintObjectFreeDefinedAttrib'),
  /** Our word to SAP's code; customising differs per company (contract 2.1), mappings read them. */
  orderTypes: words.default({}),
  priorities: words.default({}),
  notificationType: code(2).default('M1'),
  equipmentCategory: code(1).default('M'),
  /** Edit mask of new functional locations; without it none can be created (contract 2.5). */
  locationStructure: code(5).optional(),
  locationCategory: code(1).default('M'),
  productType: code(4).default('ERSA'),
  industrySector: code(1).default('M'),
  measuringPointCategory: code(1).default('M'),
  /** Business completion; often not allowed to integrations (contract 8.1). `closed` is written as technically completed otherwise. */
  allowClose: z.boolean().default(false),
});
export type SapConfig = z.infer<typeof sapConfig>;

export const sapSecret = z
  .union([
    z.strictObject({ user: z.string().min(1), password: z.string().min(1) }),
    z.strictObject({ clientId: z.string().min(1), clientSecret: z.string().min(1) }),
  ])
  .meta({ secret: true });
export type SapSecret = z.infer<typeof sapSecret>;
