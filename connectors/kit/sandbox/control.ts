/** The control port: the operations of `SandboxControl` as JSON over HTTP, for tests and people outside the process. */
import type { IncomingMessage, Server } from 'node:http';
import type { FaultPlan } from './faults.ts';
import { createPatientServer } from './local-server.ts';
import type { RateLimit } from './rate-window.ts';
import { readBody } from './read-body.ts';
import type { SandboxControl } from './types.ts';

function objectOf(value: unknown, hint: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(hint);
  return value as Record<string, unknown>;
}

function faultPlan(value: unknown): FaultPlan {
  const plan = objectOf(value, 'Send {"rules": [..]}.');
  if (!Array.isArray(plan['rules'])) throw new TypeError('Send the fault rules as a list in "rules".');
  return plan as unknown as FaultPlan;
}

function rateLimit(value: unknown): RateLimit {
  const limit = objectOf(value, 'Send {"requestsPerSecond": n}.');
  const rate = limit['requestsPerSecond'];
  if (rate !== null && (typeof rate !== 'number' || rate < 0)) {
    throw new TypeError('"requestsPerSecond" must be a number of 0 or more, or null.');
  }
  return limit as unknown as RateLimit;
}

const RECORD = 'Send the fields of the record as a JSON object.';
const CHANGED = 'Send the changed fields as a JSON object.';

/** Lists within records: `/elements/<object>/<id>/<list>[/<key>]`. */
function onElements(control: SandboxControl, method: string, at: readonly string[], body: unknown): unknown {
  const [object = '', id = '', list = '', key = ''] = at;
  const { elements } = control;
  switch (method) {
    case 'GET':
      return id === '' ? elements.lists(object) : elements.of(object, id, list);
    case 'POST':
      elements.add(object, id, list, objectOf(body, RECORD));
      return DONE;
    case 'PATCH':
      elements.change(object, id, list, { key, fields: objectOf(body, CHANGED) });
      return DONE;
    case 'DELETE':
      elements.remove(object, id, list, key);
      return DONE;
    default:
      return undefined;
  }
}

const DONE = { ok: true };

/** The answer to one control request, or undefined when there is no such path. */
function answer(control: SandboxControl, method: string, path: string, body: unknown): unknown {
  const [area = '', name = '', id = '', ...below] = path.split('/').filter(Boolean).map(decodeURIComponent);
  if (area === 'elements') return onElements(control, method, [name, id, ...below], body);
  switch (`${method} ${area}`) {
    case 'GET stats':
      return control.stats();
    case 'POST stats':
      control.resetStats();
      return DONE;
    case 'GET pages':
      return control.pages();
    case 'PUT faults':
      control.setFaults(faultPlan(body));
      return DONE;
    case 'DELETE faults':
      control.clearFaults();
      return DONE;
    case 'PUT limit':
      control.setLimit(rateLimit(body));
      return DONE;
    case 'GET records':
      return name === '' ? control.objects() : control.list(name);
    case 'POST records':
      return control.insert(name, objectOf(body, RECORD));
    case 'PATCH records':
      return control.change(name, id, objectOf(body, CHANGED));
    case 'DELETE records':
      control.remove(name, id);
      return DONE;
    case 'PUT dials':
      control.setDial(name, objectOf(body, 'Send {"value": ..}.')['value']);
      return DONE;
    case 'PUT clock': {
      const { offsetMs } = objectOf(body, 'Send {"offsetMs": n}.');
      if (typeof offsetMs !== 'number') throw new TypeError('"offsetMs" must be a number of milliseconds.');
      control.setClock(offsetMs);
      return DONE;
    }
    case 'POST expire':
      control.expireSessions();
      return DONE;
    default:
      return undefined;
  }
}

async function reply(
  control: SandboxControl,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  const path = new URL(request.url ?? '/', 'http://control').pathname;
  try {
    const text = (await readBody(request)).toString('utf8');
    const body = answer(control, request.method ?? 'GET', path, text === '' ? undefined : JSON.parse(text));
    if (body === undefined)
      return { status: 404, body: { error: `There is no ${String(request.method)} ${path}.` } };
    return { status: 200, body };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

export function createControlServer(control: SandboxControl): Server {
  return createPatientServer((request, response) => {
    void reply(control, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
}
