/** Servers that answer as a case says: fixed answers by call, or a list with the manners that lists have in the field. */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A body, or status, body and headers. Bytes are given in base64 beside their media type. */
export type CaseAnswer = unknown;

export interface CaseList {
  path: string;
  /** Where the rows stand in the body; absent: the body itself. */
  place?: string;
  rows: number;
  /** Names of the parameters. */
  page?: string;
  offset?: string;
  size?: string;
  first?: number;
  /** The size that is given whatever is asked for. */
  fixedSize?: number;
  /** What stands behind the last page. */
  beyond?: 'empty' | 'last' | '404' | '400';
  /** Told beside the rows; `own` is the page's own count, `text` and `number` are all. */
  total?: 'number' | 'text' | 'own' | 'minus_one';
  /** Rows change places within groups of so many at each call. */
  shuffledBy?: number;
  /** Rows are turned by an amount that depends on page and size. */
  turned?: boolean;
  /** Numbers as texts are refused. */
  wantsNumbers?: boolean;
}

export interface CaseServer {
  answers?: Record<string, CaseAnswer>;
  list?: CaseList;
}

export interface RunningCaseServer {
  url: string;
  /** `METHOD /path?query body`, in order. */
  sent: string[];
  /** How often so far. */
  calls(): number;
  /** Takes the place of what a call answered before. */
  set(call: string, answer: CaseAnswer): void;
  close(): Promise<void>;
}

interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export async function startCaseServer(spec: CaseServer): Promise<RunningCaseServer> {
  const sent: string[] = [];
  const answers: Record<string, CaseAnswer> = { ...spec.answers };
  const turns = new Map<string, number>();
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void readBody(request).then((body) => {
      const url = `${request.method ?? ''} ${request.url ?? ''}`;
      sent.push(body === '' ? url : `${url} ${body}`);
      const host = `http://${request.headers.host ?? ''}`;
      const { status, headers, body: answer } = replyTo(spec, answers, turns, { url, body, host });
      response.writeHead(status, headers);
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    sent,
    calls: () => sent.length,
    set(call, answer) {
      answers[call] = answer;
      turns.delete(call);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

interface Asked {
  url: string;
  body: string;
  host: string;
}

function replyTo(
  spec: CaseServer,
  answers: Record<string, CaseAnswer>,
  turns: Map<string, number>,
  asked: Asked,
): Reply {
  const [plain = ''] = asked.url.split('?');
  const call = [asked.url, plain, `* ${plain.split(' ')[1] ?? ''}`].find((key) =>
    Object.hasOwn(answers, key),
  );
  if (call !== undefined) return shaped(inTurn(answers[call], call, turns), asked.host);
  const { list } = spec;
  if (list !== undefined && plain.split(' ')[1] === list.path) return listed(list, asked);
  return json(404, { error: 'There is no such call in this case.' });
}

/** `{turns: [...]}`: one answer behind the other, the last one again. */
function inTurn(answer: CaseAnswer, call: string, turns: Map<string, number>): CaseAnswer {
  if (!isRecord(answer) || !Array.isArray(answer['turns'])) return answer;
  const turn = turns.get(call) ?? 0;
  turns.set(call, turn + 1);
  return answer['turns'][Math.min(turn, answer['turns'].length - 1)] as CaseAnswer;
}

function shaped(answer: CaseAnswer, host: string): Reply {
  if (isRecord(answer) && typeof answer['base64'] === 'string')
    return {
      status: 200,
      headers: { 'content-type': typeof answer['type'] === 'string' ? answer['type'] : 'application/json' },
      body: Buffer.from(answer['base64'], 'base64'),
    };
  if (isRecord(answer) && typeof answer['raw'] === 'string')
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(answer['raw']) };
  if (Array.isArray(answer) && typeof answer[0] === 'number' && answer.length <= 3) {
    const [status, body, headers = {}] = answer as [number, unknown?, Record<string, string>?];
    if (body === undefined || body === null) return { status, headers, body: Buffer.alloc(0) };
    const reply = json(status, body, host);
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }
  return json(200, answer, host);
}

function json(status: number, body: unknown, host = ''): Reply {
  const text = JSON.stringify(body).replaceAll('{host}', host);
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
}

function listed(list: CaseList, { url, body }: Asked): Reply {
  const query = new URL(url.split(' ')[1] ?? '/', 'http://x').searchParams;
  const given: Record<string, unknown> =
    body === '' ? Object.fromEntries(query) : (JSON.parse(body) as Record<string, unknown>);
  const named = [list.page, list.offset, list.size].filter((name) => name !== undefined);
  if (list.wantsNumbers === true && named.some((name) => typeof given[name] === 'string'))
    return json(400, { message: `${named[0] ?? ''} must be a number` });
  const asked = Number(given[list.size ?? 'size'] ?? list.rows);
  const size = list.fixedSize ?? asked;
  const page = Number(given[list.page ?? 'page'] ?? list.first ?? 1) - (list.first ?? 1);
  const start = list.offset === undefined ? page * size : Number(given[list.offset] ?? 0);
  const all = ordered(list, start, size);
  let rows = all.slice(start, start + size);
  if (rows.length === 0 && start > 0) {
    if (list.beyond === '404') return json(404, { detail: 'Invalid page.' });
    if (list.beyond === '400') return json(400, { detail: 'Page out of range.' });
    if (list.beyond === 'last') rows = all.slice(Math.floor((all.length - 1) / size) * size);
  }
  if (list.place === undefined) return json(200, rows);
  const totals = { number: list.rows, text: String(list.rows), own: rows.length, minus_one: -1 };
  return json(200, {
    [list.place]: rows,
    ...(list.total === undefined ? {} : { total: totals[list.total] }),
  });
}

let seed = 1;
function random(): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
}

function ordered(list: CaseList, start: number, size: number): { id: string; name: string }[] {
  const rows = Array.from({ length: list.rows }, (_, n) => ({
    id: `R${String(n)}`,
    name: `row ${String(n)}`,
  }));
  if (list.turned === true) {
    const turn = (start * 7 + size) % rows.length;
    return [...rows.slice(turn), ...rows.slice(0, turn)];
  }
  if (list.shuffledBy === undefined) return rows;
  const shuffled: typeof rows = [];
  for (let at = 0; at < rows.length; at += list.shuffledBy) {
    const group = rows.slice(at, at + list.shuffledBy);
    while (group.length > 0) shuffled.push(...group.splice(Math.floor(random() * group.length), 1));
  }
  return shuffled;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
