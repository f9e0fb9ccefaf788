/** Templates of work orders. */
import { sql } from 'kysely';
import type { MAINTENANCE_TYPES, Priority } from '../../domain/entities/vocabulary.ts';
import type { ASSET_TYPES } from '../../domain/entities/vocabulary.ts';
import type { Tx } from '../database.ts';

/** As a task of a work order begins. */
export interface TemplateStep {
  sequence: number;
  title: string;
  description?: string;
  estimatedMinutes?: number;
  status?: string;
}

export interface TemplateValues {
  name: string;
  description: string | null;
  workOrderType: (typeof MAINTENANCE_TYPES)[number];
  assetType: (typeof ASSET_TYPES)[number] | null;
  priority: Priority;
  steps: TemplateStep[];
  estimatedMinutes: number | null;
  estimatedCost: number | null;
  safetyRequirements: string | null;
  specialInstructions: string | null;
  isActive: boolean;
}

export interface TemplateRow extends TemplateValues {
  id: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = sql.raw(
  `id, name, description, work_order_type, asset_type, priority, steps, estimated_minutes, estimated_cost,
  safety_requirements, special_instructions, is_active, version, created_at, updated_at`,
);

export async function insertTemplate(
  tx: Tx,
  tenantId: string,
  template: TemplateValues & { id: string; at: string },
): Promise<TemplateRow> {
  const t = template;
  const made = await sql<TemplateRow>`
    insert into work_order_template (id, tenant_id, name, description, work_order_type, asset_type, priority, steps,
      estimated_minutes, estimated_cost, safety_requirements, special_instructions, is_active, created_at, updated_at)
    values (${t.id}, ${tenantId}, ${t.name}, ${t.description}, ${t.workOrderType}, ${t.assetType}, ${t.priority},
      ${JSON.stringify(t.steps)}::jsonb, ${t.estimatedMinutes}, ${t.estimatedCost}, ${t.safetyRequirements},
      ${t.specialInstructions}, ${t.isActive}, ${t.at}, ${t.at})
    returning ${COLUMNS}`.execute(tx);
  return made.rows[0] as TemplateRow;
}

export async function updateTemplate(
  tx: Tx,
  id: string,
  template: TemplateValues & { at: string },
): Promise<TemplateRow> {
  const t = template;
  const changed = await sql<TemplateRow>`
    update work_order_template set name = ${t.name}, description = ${t.description}, work_order_type = ${t.workOrderType},
      asset_type = ${t.assetType}, priority = ${t.priority}, steps = ${JSON.stringify(t.steps)}::jsonb,
      estimated_minutes = ${t.estimatedMinutes}, estimated_cost = ${t.estimatedCost},
      safety_requirements = ${t.safetyRequirements}, special_instructions = ${t.specialInstructions},
      is_active = ${t.isActive}, version = version + 1, updated_at = ${t.at}
    where id = ${id} returning ${COLUMNS}`.execute(tx);
  return changed.rows[0] as TemplateRow;
}

export async function loadTemplate(
  tx: Tx,
  id: string,
  options: { lock?: boolean } = {},
): Promise<TemplateRow | null> {
  const lock = sql.raw(options.lock === true ? 'for update' : '');
  const found =
    await sql<TemplateRow>`select ${COLUMNS} from work_order_template where id = ${id} ${lock}`.execute(tx);
  return found.rows[0] ?? null;
}

/** Oldest first. */
export async function listTemplates(
  tx: Tx,
  tenantId: string,
  filter: { isActive?: boolean | undefined; assetType?: string | undefined },
  page: { after: string | null; limit: number },
): Promise<TemplateRow[]> {
  const { isActive = null, assetType = null } = filter;
  const found = await sql<TemplateRow>`
    select ${COLUMNS} from work_order_template
    where tenant_id = ${tenantId} and (${page.after}::uuid is null or id > ${page.after}::uuid)
      and (${isActive}::boolean is null or is_active = ${isActive}::boolean)
      and (${assetType}::text is null or asset_type = ${assetType})
    order by id limit ${page.limit}`.execute(tx);
  return found.rows;
}

export async function removeTemplate(tx: Tx, id: string): Promise<void> {
  await sql`delete from work_order_template where id = ${id}`.execute(tx);
}
