/**
 * Writes a seed into the tables of whatever generation runs: each record is offered under every name a generation ever used for
 * a value, and a table takes the columns it has.
 */
import type { FieldValues, ObjectName, Tenant } from './generation.ts';
import type { Plant, PlantAsset, PlantOrder, PlantPart, PlantPerson, PlantPlan } from './plant.ts';

export interface FillStyle {
  /** How dates a client gave look; server-set ones follow the generation's stamp. */
  due(ms: number): string;
  /** `in_progress`, or `In Progress` for the generations that write titles. */
  word(word: string): string;
  /** What an assignee column holds. */
  person(person: PlantPerson): unknown;
}

export function titleCase(word: string): string {
  return word
    .split(/[_ ]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join(' ');
}

function insert(tenant: Tenant, object: ObjectName, offered: FieldValues): unknown {
  const def = tenant.generation().tables[object];
  if (def === undefined) return null;
  const known = [...Object.keys(def.columns), def.created, def.updated];
  const fields = Object.fromEntries(Object.entries(offered).filter(([name]) => known.includes(name)));
  return tenant.insert(object, fields).fields['id'];
}

function times(at: (ms: number) => string, created: number, updated = created): FieldValues {
  const [first, last] = [at(created), at(updated)];
  return { created_at: first, created_date: first, updated_at: last, updated_date: last };
}

type At = (ms: number) => string;

function personFields({ username, fullName, email, role }: PlantPerson, at: At): FieldValues {
  return { username, name: fullName, full_name: fullName, email, role, ...times(at, 0) };
}

function assetFields(asset: PlantAsset, style: FillStyle, at: At): FieldValues {
  const { name, description, type, location, status, manufacturer, model, serial, purchased } = asset;
  return {
    ...{ name, description, asset_type: type, location, status: style.word(status), manufacturer, model },
    ...{ serial_number: serial, asset_code: asset.tag, asset_tag: asset.tag, purchase_date: purchased },
    ...{ criticality: style.word(asset.criticality), installation_date: purchased },
    ...times(at, asset.createdAt),
  };
}

function partFields(part: PlantPart, at: At): FieldValues {
  const { name, description, number, category, quantity, min, max, cost, supplier, location } = part;
  return {
    ...{ name, description, part_number: number, sku: number, category, supplier, location },
    ...{ quantity, current_stock: quantity, stock_qty: quantity, quantity_on_hand: quantity },
    ...{ stock_quantity: quantity, min_stock: min, min_stock_level: min, minimum_stock_level: min },
    ...{ min_qty: min, max_qty: max, max_stock_level: max, unit_cost: cost, last_cost: cost },
    ...times(at, part.createdAt),
  };
}

function planFields(plan: PlantPlan, asset: unknown, style: FillStyle): FieldValues {
  const last = plan.lastAt === null ? null : style.due(plan.lastAt);
  return {
    ...{ asset_id: asset, title: plan.title, task_name: plan.title, description: plan.description },
    ...{ frequency: plan.every, frequency_unit: plan.unit, priority: style.word(plan.priority) },
    ...{ last_completed: last, next_due: style.due(plan.nextAt), estimated_duration: plan.hours * 60 },
  };
}

function orderFields(order: PlantOrder, style: FillStyle, at: At): FieldValues {
  const due = style.due(order.dueAt);
  const completed = order.completedAt === null ? null : at(order.completedAt);
  return {
    ...{ title: order.title, description: order.description },
    ...{ status: style.word(order.status), priority: style.word(order.priority) },
    ...{ due_date: due, dueDate: due, completed_at: completed, completed_date: completed },
    ...{ estimated_hours: order.estimatedHours, actual_hours: order.actualHours },
    ...times(at, order.createdAt, order.updatedAt),
  };
}

export function fillFromPlant(tenant: Tenant, plant: Plant, style: FillStyle): void {
  const at = (ms: number): string => tenant.generation().stamp(ms, tenant.dials);
  const people = new Map(plant.people.map((person) => [person.username, style.person(person)]));
  for (const person of plant.people) insert(tenant, 'users', personFields(person, at));
  const assets = new Map(
    plant.assets.map((asset) => [asset.key, insert(tenant, 'assets', assetFields(asset, style, at))]),
  );
  const assetNames = new Map(plant.assets.map(({ key, name }) => [key, name]));
  for (const part of plant.parts) insert(tenant, 'parts', partFields(part, at));
  for (const plan of plant.plans) {
    insert(tenant, 'pm-schedules', planFields(plan, assets.get(plan.asset) ?? null, style));
  }
  for (const order of plant.orders) {
    const asset = assets.get(order.asset) ?? null;
    const person = people.get(order.assignee ?? '') ?? null;
    const { asset: assetName } = { asset: assetNames.get(order.asset) ?? null };
    insert(tenant, 'work-orders', {
      ...orderFields(order, style, at),
      ...{ asset_id: asset, assigned_asset_id: asset, asset: assetName },
      ...{ assigned_to: person, assigned: person, assigned_to_uid: person },
    });
  }
}
