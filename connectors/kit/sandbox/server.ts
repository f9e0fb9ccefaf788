/**
 * Puts a vendor part on the network: sockets, faults, rate limit, counting, and the control port beside it. Knows nothing
 * of any vendor.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { answerInstead, bent, payloadOf } from './answer-faults.ts';
import { createControlServer } from './control.ts';
import { NO_ELEMENTS, type Elements } from './elements.ts';
import { createFaults, type Faults } from './faults.ts';
import { createPatientServer, listen, stopListening } from './local-server.ts';
import { createRateWindow, type RateWindow } from './rate-window.ts';
import { readBody } from './read-body.ts';
import { createStateKeeper, type StateKeeper } from './state-keeper.ts';
import type {
  RunningSandbox,
  SandboxControl,
  SandboxOptions,
  SandboxRequest,
  SandboxResponse,
  SandboxVendor,
} from './types.ts';

interface Parts {
  vendor: SandboxVendor;
  faults: Faults;
  rate: RateWindow;
  keeper: StateKeeper;
}

function parse(incoming: IncomingMessage, body: Buffer): SandboxRequest {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: (incoming.method ?? 'GET').toUpperCase(),
    path: mark === -1 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
    headers,
    body,
    json: () => (body.length === 0 ? undefined : (JSON.parse(body.toString('utf8')) as unknown)),
  };
}

function rawQuery(url: string | undefined): string {
  const mark = (url ?? '').indexOf('?');
  return mark === -1 ? '' : (url ?? '').slice(mark + 1);
}

async function execute(vendor: SandboxVendor, request: SandboxRequest): Promise<SandboxResponse> {
  try {
    return await vendor.handle(request);
  } catch (error) {
    // A sandbox that fails by itself must be told apart from a fault that was asked for.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 500, body: { sandboxBug: message } };
  }
}

function send(response: ServerResponse, answer: SandboxResponse, cut: boolean): void {
  const { body } = answer;
  const payload = payloadOf(body);
  const length = payload.reduce((sum, piece) => sum + piece.length, 0);
  const headers: Record<string, string | string[]> = { 'content-length': String(length) };
  if (body !== undefined) headers['content-type'] = 'application/json; charset=utf-8';
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers[name.toLowerCase()] = value;
  if (answer.status === 204 || answer.status === 304) delete headers['content-length'];
  response.writeHead(answer.status, headers);
  if (cut) {
    const half = Buffer.concat(payload).subarray(0, Math.floor(length / 2));
    response.write(half, () => response.socket?.destroy());
    return;
  }
  response.cork();
  for (const piece of payload) response.write(piece);
  response.end();
}

async function serve(parts: Parts, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { vendor, faults, rate } = parts;
  const { stats } = vendor.world;
  const arrival = rate.arrive(performance.now());
  const request = parse(incoming, await readBody(incoming));
  const { method, path } = request;
  stats.request(method);
  const log = (status: number): void => stats.answered({ method, path, status });
  if (arrival.violation) stats.violation();
  if (arrival.refuse) {
    log(429);
    send(
      response,
      { status: 429, headers: { 'retry-after': '1' }, body: { message: 'Too many requests' } },
      false,
    );
    return;
  }
  const rule = faults.decide({ method, path, query: rawQuery(incoming.url), body: request.body });
  const reset = (): void => {
    log(0);
    incoming.socket.resetAndDestroy();
  };
  if (rule !== null) stats.fault(rule.effect);
  const effect = rule?.effect;
  if (effect === 'timeout') {
    log(0);
    return;
  }
  if (effect === 'reset_before') {
    reset();
    return;
  }
  const instead = rule === null ? null : answerInstead(vendor, request, rule);
  let answer = instead;
  if (instead === null || rule?.executed === true) {
    if (effect === 'slow') await wait(rule?.delayMs ?? 0, undefined, { ref: false });
    if (effect === 'expire_session') vendor.expireSessions();
    const own = await execute(vendor, request);
    // Attachments and transaction ids are no rows; any write counts as a change.
    parts.keeper.touched(own.write === true);
    answer ??= bent(rule, own);
  }
  if (effect === 'drop_after_commit' || answer === null) {
    reset();
    return;
  }
  log(answer.status);
  send(response, answer, effect === 'truncate');
}

/**
 * A client may send what nobody announced after its request (IBM's Node sdk does with DELETE). Node would answer 400 in
 * place of the answer under way; here that answer is given first.
 */
function tolerateTrailingBytes(server: Server): void {
  const answering = new WeakSet<Duplex>();
  server.on('request', ({ socket }, response) => {
    answering.add(socket);
    response.on('close', () => answering.delete(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const unread = error.code?.startsWith('HPE_') === true;
    if (unread && answering.has(socket)) return;
    if (unread && socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
}

function createControl({ vendor, faults, rate, keeper }: Parts): SandboxControl {
  const { clock, stats } = vendor.world;
  const kept = <T>(work: () => T): T => {
    try {
      return work();
    } finally {
      keeper.touched(true);
    }
  };
  return {
    stats: () => stats.snapshot(),
    resetStats: () => stats.reset(),
    pages: () => stats.pages(),
    setFaults: (plan) => faults.set(plan),
    clearFaults: () => faults.clear(),
    setLimit: (limit) => rate.set(limit),
    objects: () => vendor.objects(),
    list: (object) => vendor.list(object),
    insert: (object, fields) => kept(() => vendor.insert(object, fields)),
    change: (object, id, fields) => kept(() => vendor.change(object, id, fields)),
    remove: (object, id) => kept(() => vendor.remove(object, id)),
    elements: keptElements(vendor.elements ?? NO_ELEMENTS, kept),
    setDial: (name, value) => kept(() => vendor.setDial(name, value)),
    setClock: (offsetMs) => kept(() => clock.setOffset(offsetMs)),
    expireSessions: () => vendor.expireSessions(),
  };
}

function keptElements(elements: Elements, kept: <T>(work: () => T) => T): Elements {
  return {
    ...elements,
    add: (...given) => kept(() => elements.add(...given)),
    change: (...given) => kept(() => elements.change(...given)),
    remove: (...given) => kept(() => elements.remove(...given)),
  };
}

/** Starts the vendor's server and its control port. */
export async function startSandbox(vendor: SandboxVendor, options: SandboxOptions): Promise<RunningSandbox> {
  const host = options.host ?? '127.0.0.1';
  const keeper = createStateKeeper(vendor, options);
  const parts: Parts = {
    vendor,
    keeper,
    faults: createFaults(options.random ?? 1),
    rate: createRateWindow(),
  };
  // A fresh sandbox is kept from its first moment: its keys must be the same after a kill. An unusable file fails here.
  await keeper.flush();
  const control = createControl(parts);
  const server = createPatientServer(
    (incoming, response) => {
      serve(parts, incoming, response).catch(() => incoming.socket.destroy());
    },
    // Vendors' own servers forgive much; long filters live in the URL.
    { insecureHTTPParser: true, maxHeaderSize: 256 * 1024 },
  );
  tolerateTrailingBytes(server);
  const controlServer = createControlServer(control);
  const url = await listen(server, options.port, host);
  let controlUrl: string;
  try {
    controlUrl = await listen(controlServer, options.controlPort, host);
  } catch (error) {
    await stopListening(server);
    throw error;
  }
  return {
    system: vendor.system,
    url,
    controlUrl,
    credentials: vendor.credentials,
    control,
    async close() {
      vendor.close?.();
      await Promise.all([stopListening(server), stopListening(controlServer)]);
      await keeper.close();
    },
  };
}
