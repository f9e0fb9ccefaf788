/** The OData transport: named operations of transport.ts as calls of the client. */
import type { Entity } from '../../../domain/entities/index.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { Failure, toFailure } from '../../../domain/kernel/failure.ts';
import { isAbsentEntity } from '../../../domain/kernel/failure.ts';
import { absentEntity } from '../../kit/absent-entity.ts';
import type { DiscoveredField, DiscoveredSchema, SessionDeps } from '../../kit/contract.ts';
import { createKeptLists } from '../../kit/kept.ts';
import type { SapConfig, SapSecret } from '../config.ts';
import { isWithoutService } from '../failures.ts';
import type { Change, Domain, ListQuery, SapRow, SapTransport } from '../transport.ts';
import type { Part } from './batch.ts';
import { createClient } from './client.ts';
import { entityOf, nameSpaceIn, pageOf } from './decode.ts';
import { discoveredField, readEdmx } from './edmx.ts';
import type { Edmx } from './edmx.ts';
import { encodeBody, filterOf, keyPredicate, parameters } from './literals.ts';
import { SETS, serviceOf, WHAT } from './services.ts';
import type { ServiceInfo, SetInfo } from './services.ts';

/** Contract 5: a batch of up to some tens of parts. */
const BATCH_PARTS_MAX = 30;
/** Links of one list that are followed; a server that never ends is found by it. */
const LINKS_MAX = 1_000;
/** What proves address and credentials, in this order: sites switch services on one by one. */
const PROBED: readonly Domain[] = [
  'order',
  'notification',
  'equipment',
  'location',
  'product',
  'item',
  'point',
];

/** What a server says to a request it cannot understand; a record that is not there is something else. */
function isAboutTheRequest(error: unknown): boolean {
  const { kind, code, message } = toFailure(error);
  if (kind === 'not_found') return /segment|navigation|expand/i.test(message);
  return kind === 'rejected' || (kind === 'unexpected_response' && code !== 'HTML');
}

export function createODataTransport(config: SapConfig, secret: SapSecret, deps: SessionDeps): SapTransport {
  const client = createClient(config, secret, deps);
  const kept = createKeptLists(deps);
  const documents = new Map<string, Promise<Edmx | null>>();

  function at(domain: Domain): { set: SetInfo; service: ServiceInfo } {
    const set = SETS[domain];
    return { set, service: serviceOf(config, set.service) };
  }

  /** A call of one service; that there is no such service is said of its entity, with the setting that leaves it out. */
  async function within<T>(service: ServiceInfo, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const failure = toFailure(error);
      throw isWithoutService(failure) ? absent(service, failure) : failure;
    }
  }

  function absent({ name, path }: ServiceInfo, failure: Failure): Failure {
    const without =
      name === 'stock' || name === 'readings' ? `go on without ${name}` : 'leave them out for good';
    return absentEntity(
      `${client.host} has nothing at ${path}, so ${WHAT[name]} are left out (${failure.message.replace(/\.$/, '')}); correct services.${name}, or set it to false to ${without}.`,
      `services.${name}`,
    );
  }

  /**
   * A read with everything that is wanted below its rows. A release that lacks one of the ways says no to the whole read; its
   * `$metadata` then says which one, and it is left out for as long as that is remembered.
   */
  async function expanded<T>(domain: Domain, call: (expand: readonly string[]) => Promise<T>): Promise<T> {
    const { set, service } = at(domain);
    const name = `expand ${service.path} ${set.set}`;
    const ways = await kept.get(name, async () => [...set.expand]);
    try {
      return await within(service, () => call(ways));
    } catch (error) {
      if (ways.length === 0 || !isAboutTheRequest(error)) throw error;
      const edmx = await documentOf(service);
      if (edmx === null || ways.every((way) => edmx.leads(set.set, way))) throw error;
      const leading = await kept.renew(name, async () =>
        set.expand.filter((way) => edmx.leads(set.set, way)),
      );
      return within(service, () => call(leading));
    }
  }

  function queryOf(service: ServiceInfo, query: ListQuery, expand: readonly string[]): string {
    const filter = filterOf(service.protocol, query.where);
    const options: [string, string][] = [
      ['$filter', filter],
      ['$orderby', query.orderBy.join(',')],
      ['$top', String(query.top)],
      ['$select', query.only?.join(',') ?? ''],
      ['$expand', query.only === undefined ? expand.join(',') : ''],
    ];
    return options
      .flatMap(([name, value]) => (value === '' ? [] : [`${name}=${encodeURIComponent(value)}`]))
      .join('&');
  }

  async function list(domain: Domain, query: ListQuery): Promise<{ rows: SapRow[]; more: boolean }> {
    const { set, service } = at(domain);
    const body = await expanded(domain, (ways) =>
      client.read(service, set.set, queryOf(service, query, ways)),
    ).catch((error: unknown) => {
      // A set is never empty by being not there: its service is another one, or an older one.
      const failure = toFailure(error);
      throw failure.kind === 'not_found' ? absent(service, failure) : failure;
    });
    if (domain === 'order') assertVersion2(body, service);
    let page = pageOf(service, body, client.host);
    // A page may be empty and go on all the same.
    for (let links = 0; page.rows.length === 0 && page.next !== null && links < LINKS_MAX; links += 1) {
      page = pageOf(service, await client.follow(service, page.next), client.host);
    }
    return { rows: page.rows, more: page.next !== null || page.rows.length >= query.top };
  }

  async function toEnd(service: ServiceInfo, first: unknown, top: number): Promise<SapRow[]> {
    let page = pageOf(service, first, client.host);
    const rows = [...page.rows];
    for (let links = 0; page.next !== null && rows.length < top; links += 1) {
      if (links >= LINKS_MAX)
        throw new Failure('unexpected_response', `A list of ${client.host} does not end.`);
      page = pageOf(service, await client.follow(service, page.next), client.host);
      rows.push(...page.rows);
    }
    return rows.slice(0, top);
  }

  function partsOf(
    domain: Domain,
    key: JsonObject,
    changes: readonly Change[],
    version: string | null,
  ): Part[] {
    const { set, service } = at(domain);
    const { protocol } = service;
    const self = set.set + keyPredicate(protocol, set.key, key);
    return changes.map((change): Part => {
      switch (change.kind) {
        case 'patch':
          return {
            method: 'PATCH',
            url: self,
            headers: { 'If-Match': version ?? '*' },
            body: encodeBody(protocol, change.fields),
          };
        case 'insert':
          return { method: 'POST', url: change.set, body: encodeBody(protocol, change.fields) };
        case 'add': {
          const parent = change.below.at(-1);
          const root = parent === undefined ? self : parent.set + keyPredicate(protocol, {}, parent.key);
          return {
            method: 'POST',
            url: `${root}/${change.child}`,
            body: encodeBody(protocol, change.fields),
          };
        }
        case 'edit':
          return {
            method: 'PATCH',
            url: change.set + keyPredicate(protocol, {}, change.key),
            headers: { 'If-Match': change.version ?? '*' },
            body: encodeBody(protocol, change.fields),
          };
        case 'drop':
          return {
            method: 'DELETE',
            url: change.set + keyPredicate(protocol, {}, change.key),
            headers: { 'If-Match': change.version ?? '*' },
          };
      }
    });
  }

  function assertVersion2(body: unknown, service: ServiceInfo): void {
    const name = nameSpaceIn(body);
    if (name === null || !/^cds_api_maintenanceorder(_1)?$/i.test(name)) return;
    throw new Failure(
      'invalid_config',
      `${client.host} answers ${service.path} with version 1 of the order service, which is read-only and named differently; set services.orders to the path with ;v=0002.`,
      { path: 'services.orders' },
    );
  }

  async function probeOf(domain: Domain): Promise<string | null> {
    const { set, service } = at(domain);
    const query = `$top=1&$select=${Object.keys(set.key).join(',')}`;
    const body = await within(service, () => client.read(service, set.set, query)).catch((error: unknown) => {
      const failure = toFailure(error);
      throw failure.kind === 'not_found' ? absent(service, failure) : failure;
    });
    if (domain === 'order') assertVersion2(body, service);
    pageOf(service, body, client.host);
    return nameSpaceIn(body);
  }

  /** The description of a service, once a session; null where it cannot be had. */
  function documentOf(service: ServiceInfo): Promise<Edmx | null> {
    const known = documents.get(service.path) ?? load(service).catch(() => null);
    documents.set(service.path, known);
    return known;
  }

  async function describe(entities: Readonly<Partial<Record<Entity, Domain>>>): Promise<DiscoveredSchema> {
    const described = new Map<string, Edmx | null>();
    const found: Partial<Record<Entity, { object: string; fields: Record<string, DiscoveredField> }>> = {};
    for (const [entity, domain] of Object.entries(entities) as [Entity, Domain][]) {
      if (config.services[SETS[domain].service] === false) continue;
      const { set, service } = at(domain);
      if (!described.has(service.path)) described.set(service.path, await load(service));
      const properties = described.get(service.path)?.sets.get(set.set);
      if (properties === undefined) continue;
      found[entity] = {
        object: set.set,
        fields: Object.fromEntries(properties.map((property) => [property.name, discoveredField(property)])),
      };
    }
    return { source: 'metadata', entities: found };
  }

  /** A service that is not activated or not allowed leaves its entities out. */
  async function load(service: ServiceInfo): Promise<Edmx | null> {
    try {
      return readEdmx(await client.metadata(service), `${client.host}${service.path}`);
    } catch (error) {
      const failure = toFailure(error);
      if (['not_found', 'forbidden'].includes(failure.kind) || failure.path === 'services') return null;
      throw failure;
    }
  }

  return {
    async probe() {
      let missing: Failure | null = null;
      for (const domain of PROBED) {
        try {
          return { account: client.account, version: await probeOf(domain) };
        } catch (error) {
          if (!isAbsentEntity(error)) throw error;
          missing ??= toFailure(error);
        }
      }
      throw missing ?? new Failure('invalid_config', 'All services of this connection are switched off.');
    },
    async identity() {
      const domain = PROBED.find((one) => config.services[SETS[one].service] !== false);
      if (client.client() === null && domain !== undefined) await client.greet(at(domain).service);
      return { account: client.account, client: client.client() };
    },
    list,
    async lists(domain, queries) {
      const { set, service } = at(domain);
      const results: SapRow[][] = [];
      for (let start = 0; start < queries.length; start += BATCH_PARTS_MAX) {
        const chunk = queries.slice(start, start + BATCH_PARTS_MAX);
        const bodies = await expanded(domain, async (ways) => {
          const urls = chunk.map((query) => `${set.set}?${queryOf(service, query, ways)}`);
          const [only] = urls;
          return urls.length === 1 && only !== undefined
            ? [await client.read(service, only)]
            : client.reads(service, urls);
        });
        for (const [index, body] of bodies.entries()) {
          results.push(await toEnd(service, body, chunk[index]?.top ?? 0));
        }
      }
      return results;
    },
    async get(domain, key) {
      const { set, service } = at(domain);
      const path = set.set + keyPredicate(service.protocol, set.key, key);
      try {
        const body = await expanded(domain, (ways) =>
          client.read(
            service,
            path,
            ways.length === 0 ? '' : `$expand=${encodeURIComponent(ways.join(','))}`,
          ),
        );
        return entityOf(service, body, client.host, 'no');
      } catch (error) {
        if (toFailure(error).kind === 'not_found') return null;
        throw error;
      }
    },
    async create(domain, fields) {
      const { set, service } = at(domain);
      const wire = encodeBody(service.protocol, fields);
      const body = await within(service, () => client.create(service, set.set, wire));
      return entityOf(service, body, client.host, 'unknown');
    },
    async change(domain, key, changes, version) {
      const { service } = at(domain);
      const parts = partsOf(domain, key, changes, version);
      const [first, ...others] = parts;
      if (first === undefined) return;
      await within(service, async () => {
        if (others.length > 0) await client.changeSet(service, parts);
        else if (first.method === 'POST') await client.create(service, first.url, first.body as JsonObject);
        else await client.modify(service, first);
      });
    },
    async act(domain, key, action, args, version) {
      const { set, service } = at(domain);
      if (service.protocol === 'v4') {
        const path = `${set.set}${keyPredicate('v4', set.key, key)}/SAP__self.${action}`;
        const body = Object.fromEntries(
          Object.entries(args).flatMap(([name, arg]) => (arg ? [[name, arg.value]] : [])),
        );
        await within(service, () => client.act(service, path, '', body, version));
        return;
      }
      const named = Object.fromEntries(
        Object.entries(key).map(([name, value]) => [name, { value, kind: set.key[name] ?? 'text' } as const]),
      );
      const query = parameters('v2', { ...named, ...args });
      await within(service, () => client.act(service, action, query, null, version));
    },
    describe,
    close: () => client.close(),
  };
}
