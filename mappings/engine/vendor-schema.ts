/** What a vendor holds for one entity (`mappings/<system>/schema/<entity>.yaml`), written from its contract. */
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import { pathSteps } from '../../domain/path.ts';
import { readYaml } from './source.ts';

export const VENDOR_TYPES = [
  'text',
  'integer',
  'number',
  'boolean',
  'instant',
  'date',
  'epoch',
  'reference',
  'object',
  'list',
  'json',
] as const;

export interface Attribute {
  type: (typeof VENDOR_TYPES)[number];
  nullable: boolean;
  readOnly: boolean;
  /** Every word the vendor ships; `open` means that plants add their own. */
  values?: (string | number)[] | undefined;
  open: boolean;
  maxLength?: number | undefined;
  precision?: 'second' | 'day' | undefined;
  unit?: 'hours' | 'days' | undefined;
  item?: Record<string, Attribute> | undefined;
  /** Told by the system itself or by its records, which do not know precision and unit. */
  discovered?: boolean | undefined;
  /** Suggested by the layout that ships, and not there. */
  missing?: boolean | undefined;
}

const attribute: z.ZodType<Attribute> = z.lazy(() =>
  z.strictObject({
    type: z.enum(VENDOR_TYPES),
    nullable: z.boolean().default(false),
    readOnly: z.boolean().default(false),
    values: z.array(z.union([z.string(), z.number()])).optional(),
    open: z.boolean().default(false),
    maxLength: z.number().int().positive().optional(),
    precision: z.enum(['second', 'day']).optional(),
    unit: z.enum(['hours', 'days']).optional(),
    item: z.record(z.string(), attribute).optional(),
  }),
);

const vendorSchema = z.strictObject({
  object: z.string().min(1),
  attributes: z.record(z.string(), attribute),
  /** Payload names the connector understands that are no attributes of the record. */
  writes: z.record(z.string(), attribute).default({}),
  /** A system of one's own: these attributes are the layout we suggest, others are as good. */
  own: z.boolean().default(false),
  /** JSONata over a payload: what the record then shows besides the payload itself. */
  echo: z.string().optional(),
});
export type VendorSchema = z.infer<typeof vendorSchema>;

export function readVendorSchema(source: { file: string; text: string }): VendorSchema {
  const yaml = readYaml(source);
  const parsed = vendorSchema.safeParse(yaml.data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = (issue?.path ?? []).filter((part) => typeof part !== 'symbol');
  throw new Failure(
    'mapping_failed',
    `${yaml.at(where)} \`${where.join('.')}\`: ${issue?.message ?? 'does not fit'}.`,
  );
}

const REFERENCE_ID: Attribute = { type: 'text', nullable: true, readOnly: true, open: false };

/** The attribute at a dotted path; an element of a list may be named by its index or left out, as JSONata does. */
export function attributeAt(attributes: Record<string, Attribute>, path: string): Attribute | undefined {
  let found: Attribute | undefined;
  let inside: Record<string, Attribute> | undefined = attributes;
  let nullable = false;
  for (const step of pathSteps(path)) {
    if (found?.type === 'list' && /^\d+$/.test(step)) {
      nullable = true;
      continue;
    }
    if (found?.type === 'reference' && step === 'id') return REFERENCE_ID;
    if (found?.type === 'json') return found;
    if (!inside || !Object.hasOwn(inside, step)) return undefined;
    found = inside[step];
    nullable ||= found?.nullable === true;
    inside = found?.item;
  }
  return found && { ...found, nullable };
}
