/**
 * Title and text of notices from templates (LiquidJS). One template serves every channel; a channel takes of it what may leave by it. A
 * template that names a field which its notice does not have is refused when it is written, not when an alert is raised.
 */
import { Liquid } from 'liquidjs';
import type { JsonObject } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';

export interface Template {
  title: string;
  text: string;
}

const ALERT_FIELDS = [
  'alert_id',
  'alert_type',
  'asset',
  'asset_name',
  'message',
  'severity',
  'since',
  'by',
  'state',
];
const ORDER_FIELDS = ['number', 'title', 'status', 'due'];
const CONNECTION_FIELDS = ['connection', 'reason'];

/** The fields that a notice of this type has. */
export function fieldsOf(type: string): readonly string[] {
  if (type.startsWith('alert_')) return ALERT_FIELDS;
  return type.startsWith('work_order_') ? ORDER_FIELDS : CONNECTION_FIELDS;
}

const DUE = '{% if due != "" %}Due {{ due }}.{% endif %}';

const SHIPPED: Readonly<Record<string, Template>> = {
  alert_raised: {
    title: '{{ severity | upcase }}: {{ asset }} {{ alert_type | replace: "_", " " }}',
    text: '{{ message }}\nAsset {{ asset }} ({{ asset_name }}), since {{ since }}.{% if by != "" %}\nAcknowledged by {{ by }}.{% endif %}',
  },
  alert_escalated: {
    title: 'Escalated {{ severity | upcase }}: {{ asset }} {{ alert_type | replace: "_", " " }}',
    text: '{{ message }}\nNobody has acknowledged it yet. Asset {{ asset }} ({{ asset_name }}), since {{ since }}.',
  },
  alert_resolved: {
    title: 'Resolved: {{ asset }} {{ alert_type | replace: "_", " " }}',
    text: '{{ message }}\nAsset {{ asset }} ({{ asset_name }}), since {{ since }}.',
  },
  work_order_assigned: { title: '{{ number }} is yours: {{ title }}', text: DUE },
  work_order_due: { title: '{{ number }} is due soon: {{ title }}', text: DUE },
  work_order_overdue: { title: '{{ number }} is overdue: {{ title }}', text: DUE },
  work_order_missed: { title: '{{ number }} was missed: {{ title }}', text: DUE },
  work_order_completed: { title: '{{ number }} is completed: {{ title }}', text: '' },
  sync_paused: { title: '{{ connection }} is paused', text: '{{ reason }}' },
  conflicts_waiting: {
    title: 'Conflicts wait at {{ connection }}',
    text: 'Both sides changed the same values: look at `conflicts list`.',
  },
  quarantine_waiting: {
    title: 'Records wait in quarantine at {{ connection }}',
    text: 'They could not be taken over or written: look at `quarantine list`.',
  },
  drift_found: {
    title: 'The schema of {{ connection }} changed',
    text: 'Some rules may be held back: look at `schema drift`.',
  },
  deletions_stopped: {
    title: 'Deletions at {{ connection }} wait for you',
    text: 'More records are gone than is usual; nothing is deleted before a person decides: look at `deletions list`.',
  },
};

/** Bounds on what a template may cost. */
const engine = new Liquid({
  strictFilters: true,
  parseLimit: 100_000,
  renderLimit: 200,
  memoryLimit: 1_000_000,
});

export function renderNotice(type: string, fields: JsonObject, own?: Template): Template {
  const template = own ?? SHIPPED[type];
  if (template === undefined) throw new Failure('bug', `There is no template of ${type}.`);
  const title = engine.parseAndRenderSync(template.title, fields) as string;
  return {
    title: title.replace(/\s+/g, ' ').trim(),
    text: (engine.parseAndRenderSync(template.text, fields) as string).trim(),
  };
}

/** Throws an `invalid_request` for a template that cannot be read or names what its notice does not have. */
export function checkTemplate(type: string, template: Template): void {
  const known = fieldsOf(type);
  for (const [part, text] of Object.entries(template) as [keyof Template, string][]) {
    const unknown = variablesOf(part, text).find((name) => !known.includes(name));
    if (unknown === undefined) continue;
    throw new Failure(
      'invalid_request',
      `${part}: a notice of ${type} has no field "${unknown}"; take one of ${known.join(', ')}.`,
      { path: part },
    );
  }
}

function variablesOf(part: string, text: string): string[] {
  try {
    return engine.globalVariablesSync(text);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('invalid_request', `${part}: is no Liquid template: ${said}`, { cause, path: part });
  }
}
