/** What the sandbox's own tests send: signed requests as the vendor's client writes them, and the answers taken apart. */
import type { RunningSandbox, SandboxOptions } from '../../kit/sandbox/index.ts';
import { call, type Answer, type Json } from '../../kit/sandbox/test-client.ts';
import { KEYS, startFiixSandbox } from './index.ts';
import { sign } from './signature.ts';

export type { Json };

export interface Reply {
  status: number;
  text: string;
  json: Json;
  error: { leg: string; code: number; message: string; object: Json } | undefined;
  objects: Json[];
  object: Json;
}

export interface TestClient {
  sandbox: RunningSandbox;
  /** The signed URL of an action, and its signature. */
  signed(action: string, path?: string): { url: string; signature: string };
  send(body: Json): Promise<Reply>;
  find(className: string, more?: Json): Promise<Reply>;
  /** Finds by one condition. */
  where(className: string, ql: string, ...parameters: unknown[]): Promise<Json[]>;
  add(className: string, object: Json, fields?: string): Promise<Reply>;
  change(className: string, object: Json, fields?: string): Promise<Reply>;
  batch(requests: Json[], more?: Json): Promise<Reply>;
  /** Id of the status, site, type … with that name. */
  idOf(className: string, name: string): Promise<number>;
  close(): Promise<void>;
}

export function replyOf({ status, text, body }: Answer): Reply {
  return {
    status,
    text,
    json: body,
    error: body['error'] as Reply['error'],
    objects: (body['objects'] ?? []) as Json[],
    object: (body['object'] ?? {}) as Json,
  };
}

export async function startClient(options: Partial<SandboxOptions> = {}): Promise<TestClient> {
  const sandbox = await startFiixSandbox({ seed: 'empty', ...options });
  const { host } = new URL(sandbox.url);
  const client: TestClient = {
    sandbox,
    signed(action, path = '/api/') {
      const target =
        `${host}${path}?action=${action}&service=cmms&accessKey=${KEYS.accessKey}&appKey=${KEYS.appKey}` +
        '&timestamp=1700000000000&signatureVersion=1&signatureMethod=HmacSHA256';
      return { url: `http://${target}`, signature: sign(KEYS.secret, target) };
    },
    async send(body) {
      const { url, signature } = client.signed(String(body['_maCn']));
      const headers = { authorization: signature, 'content-type': 'text/plain' };
      return replyOf(await call(url, { headers, body: JSON.stringify(body) }));
    },
    find: (className, more = {}) => client.send({ _maCn: 'FindRequest', className, fields: 'id', ...more }),
    async where(className, ql, ...parameters) {
      const filters = [{ ql, parameters }];
      const { objects, error } = await client.find(className, { fields: '*', filters });
      if (error !== undefined) throw new Error(error.message);
      return objects;
    },
    add: (className, object, fields = '*') =>
      client.send({ _maCn: 'AddRequest', className, fields, object: { className, ...object } }),
    change(className, object, fields = '*') {
      const { id, ...changed } = object;
      const changeFields = Object.keys(changed).join(', ');
      return client.send({
        _maCn: 'ChangeRequest',
        className,
        changeFields,
        fields,
        object: { className, id, ...changed },
      });
    },
    batch: (requests, more = {}) => client.send({ _maCn: 'BatchRequest', requests, ...more }),
    async idOf(className, name) {
      const [row] = await client.where(className, 'strName = ?', name);
      if (row === undefined) throw new Error(`There is no ${className} "${name}".`);
      return Number(row['id']);
    },
    close: () => sandbox.close(),
  };
  return client;
}

/** What a new work order needs. */
export async function orderFields(client: TestClient): Promise<Json> {
  return {
    strDescription: 'Leak at seal',
    intSiteID: await client.idOf('Asset', 'Main Plant'),
    intWorkOrderStatusID: await client.idOf('WorkOrderStatus', 'Open'),
  };
}
