/** Templates that work orders are made from. */
import type { Json } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  insertTemplate,
  listTemplates as list,
  loadTemplate,
  removeTemplate,
  updateTemplate,
  type TemplateRow,
  type TemplateValues,
} from '../../store/work-orders/templates.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import type { VersionCheck } from './edit.ts';
import { stepsFrom, type StepInput } from './input.ts';

/** Undefined leaves a value as it is. */
export type TemplateInput = {
  [K in Exclude<keyof TemplateValues, 'steps'>]?: TemplateValues[K] | undefined;
} & { steps?: readonly StepInput[] | undefined };

const EMPTY: Omit<TemplateValues, 'name'> = {
  description: null,
  workOrderType: 'preventive',
  assetType: null,
  priority: 'medium',
  steps: [],
  estimatedMinutes: null,
  estimatedCost: null,
  safetyRequirements: null,
  specialInstructions: null,
  isActive: true,
};

function merged(before: TemplateValues, input: TemplateInput): TemplateValues {
  const { steps, ...rest } = input;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { ...before, ...given, ...(steps === undefined ? {} : { steps: stepsFrom(steps) }) };
}

function valuesOf(row: TemplateRow): TemplateValues {
  const { id: _id, version: _version, createdAt: _created, updatedAt: _updated, ...values } = row;
  return values;
}

export async function createTemplate(
  deps: PersonDeps,
  input: TemplateInput & { name: string },
): Promise<TemplateRow> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const at = instantOf(deps);
    const values = merged({ ...EMPTY, name: input.name }, input);
    const made = await insertTemplate(tx, deps.tenantId, { ...values, id: deps.newId(), at });
    await audit(deps, tx, {
      action: 'template.create',
      subject: `template/${made.id}`,
      before: null,
      after: values as unknown as Json,
      at,
    });
    return made;
  });
}

function required(row: TemplateRow | null, id: string): TemplateRow {
  if (row === null) throw new Failure('not_found', `There is no work order template ${id}.`);
  return row;
}

export async function readTemplate(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  id: string,
): Promise<TemplateRow> {
  return required(await deps.store.inTenant(deps.tenantId, (tx) => loadTemplate(tx, id)), id);
}

export async function listTemplates(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  filter: { isActive?: boolean | undefined; assetType?: string | undefined },
  page: { after: string | null; limit: number },
): Promise<TemplateRow[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => list(tx, deps.tenantId, filter, page));
}

export async function changeTemplate(
  deps: PersonDeps,
  id: string,
  input: TemplateInput,
  checkVersion: VersionCheck,
): Promise<TemplateRow> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = required(await loadTemplate(tx, id, { lock: true }), id);
    checkVersion(row.version);
    const at = instantOf(deps);
    const before = valuesOf(row);
    const values = merged(before, input);
    const changed = await updateTemplate(tx, id, { ...values, at });
    await audit(deps, tx, {
      action: 'template.change',
      subject: `template/${id}`,
      before: before as unknown as Json,
      after: values as unknown as Json,
      at,
    });
    return changed;
  });
}

/** Orders made from it stay as they are. */
export async function deleteTemplate(
  deps: PersonDeps,
  id: string,
  checkVersion: VersionCheck,
): Promise<void> {
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = required(await loadTemplate(tx, id, { lock: true }), id);
    checkVersion(row.version);
    await removeTemplate(tx, id);
    await audit(deps, tx, {
      action: 'template.delete',
      subject: `template/${id}`,
      before: valuesOf(row) as unknown as Json,
      after: null,
      at: instantOf(deps),
    });
  });
}
