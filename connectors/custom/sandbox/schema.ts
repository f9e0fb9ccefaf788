/**
 * The records of the generic system: the field names of the HTTP API, with statuses and priorities of its own. Knows no
 * storage and no routes.
 */

export const OBJECTS = [
  'people',
  'locations',
  'assets',
  'parts',
  'meters',
  'schedules',
  'requests',
  'work-orders',
] as const;
export type ObjectName = (typeof OBJECTS)[number];

export type Kind =
  'text' | 'number' | 'whole' | 'flag' | 'time' | 'date' | 'texts' | 'object' | 'objects' | 'scalar';

export interface Column {
  kind: Kind;
  required?: true;
  words?: readonly string[];
  /** The value of a record that does not say. */
  fallback?: unknown;
  /** The object whose id this is, or a list of them. */
  refers?: ObjectName;
}

export interface ObjectDef {
  /** Key of the list in an object envelope. */
  many: string;
  /** Before the number in an id. */
  prefix: string;
  columns: Readonly<Record<string, Column>>;
}

export const PRIORITIES = ['low', 'medium', 'high', 'critical', 'emergency'] as const;
export const ORDER_STATUSES = [
  'draft',
  'open',
  'assigned',
  'in_progress',
  'on_hold',
  'completed',
  'cancelled',
  'closed',
] as const;

const text: Column = { kind: 'text' };
const number: Column = { kind: 'number' };
const time: Column = { kind: 'time' };
const date: Column = { kind: 'date' };
const texts: Column = { kind: 'texts', fallback: [] };
const name: Column = { kind: 'text', required: true };

function word(words: readonly string[], fallback?: string): Column {
  return { kind: 'text', words, ...(fallback === undefined ? {} : { fallback }) };
}

function to(refers: ObjectName): Column {
  return { kind: 'text', refers };
}

export const SCHEMA: Readonly<Record<ObjectName, ObjectDef>> = {
  people: {
    ...{ many: 'people', prefix: 'P' },
    columns: {
      ...{ name, first_name: text, last_name: text, email: text, phone: text, job_title: text },
      active: { kind: 'flag', fallback: true },
    },
  },
  locations: {
    ...{ many: 'locations', prefix: 'L' },
    columns: { code: text, name, description: text, parent_id: to('locations'), address: text },
  },
  assets: {
    ...{ many: 'assets', prefix: 'A' },
    columns: {
      ...{ asset_tag: text, name, description: text },
      asset_type: word(
        [
          'equipment',
          'machinery',
          'vehicle',
          'building',
          'infrastructure',
          'tool',
          'instrument',
          'system',
          'component',
        ],
        'equipment',
      ),
      status: word(['operational', 'maintenance', 'out_of_service', 'retired'], 'operational'),
      ...{ manufacturer: text, model: text, serial_number: text, installation_date: date },
      ...{ warranty_expiry: date, expected_lifespan: { kind: 'whole' }, department: text },
      ...{ responsible_person: to('people'), location_id: to('locations'), parent_id: to('assets') },
      ...{ tags: texts, specifications: { kind: 'object', fallback: {} } },
    },
  },
  parts: {
    ...{ many: 'parts', prefix: 'S' },
    columns: {
      ...{ part_number: text, name, description: text, unit: text, unit_cost: number },
      ...{
        quantity: { ...number, fallback: 0 },
        min_quantity: number,
        location_id: to('locations'),
        bin: text,
      },
    },
  },
  meters: {
    ...{ many: 'meters', prefix: 'M' },
    columns: {
      ...{ name, unit: text, asset_id: to('assets'), last_reading: number, last_reading_at: time },
      active: { kind: 'flag', fallback: true },
    },
  },
  schedules: {
    ...{ many: 'schedules', prefix: 'PM' },
    columns: {
      ...{ name, description: text },
      maintenance_type: word(['preventive', 'predictive', 'corrective', 'emergency'], 'preventive'),
      priority: word(PRIORITIES, 'medium'),
      frequency: word(['daily', 'weekly', 'monthly', 'yearly'], 'monthly'),
      interval: { kind: 'whole', fallback: 1 },
      ...{ trigger_type: { ...text, fallback: 'time_based' }, trigger_value: { kind: 'scalar' } },
      ...{ estimated_duration: { kind: 'whole' }, estimated_cost: number },
      asset_ids: { kind: 'texts', fallback: [], refers: 'assets' },
      ...{ next_scheduled: time, last_executed: time, is_active: { kind: 'flag', fallback: true } },
      ...{ required_skills: texts, required_tools: texts, required_parts: texts },
      steps: { kind: 'objects', fallback: [] },
    },
  },
  requests: {
    ...{ many: 'requests', prefix: 'R' },
    columns: {
      ...{ title: name, description: text },
      status: word(['new', 'approved', 'rejected', 'converted', 'cancelled'], 'new'),
      priority: word(PRIORITIES, 'medium'),
      ...{
        asset_id: to('assets'),
        location_id: to('locations'),
        requested_by: to('people'),
        requested_at: time,
      },
    },
  },
  'work-orders': {
    ...{ many: 'work_orders', prefix: 'W' },
    columns: {
      ...{ work_order_number: text, title: name, description: text },
      status: word(ORDER_STATUSES, 'draft'),
      priority: word(PRIORITIES, 'medium'),
      work_order_type: word(
        ['preventive', 'predictive', 'corrective', 'emergency', 'inspection', 'calibration'],
        'corrective',
      ),
      ...{ asset_id: to('assets'), location_id: to('locations'), assigned_to: to('people') },
      ...{ requested_by: to('people'), due_date: time, scheduled_start: time, scheduled_end: time },
      ...{ actual_start: time, actual_end: time, estimated_hours: number, actual_hours: number },
      ...{ estimated_cost: number, actual_cost: number, schedule_id: to('schedules') },
      ...{ steps: { kind: 'objects', fallback: [] }, parts: { kind: 'objects', fallback: [] } },
    },
  },
};

/** What each status may become when the dial `strictStatuses` is on; closed, completed and cancelled are the end. */
export const NEXT_STATUSES: Readonly<Record<string, readonly string[]>> = {
  draft: ['open', 'assigned', 'cancelled'],
  open: ['assigned', 'in_progress', 'on_hold', 'completed', 'cancelled'],
  assigned: ['open', 'in_progress', 'on_hold', 'completed', 'cancelled'],
  in_progress: ['on_hold', 'completed', 'cancelled'],
  on_hold: ['open', 'assigned', 'in_progress', 'cancelled'],
  completed: ['closed'],
  cancelled: [],
  closed: [],
};
