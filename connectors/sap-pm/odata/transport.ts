/** The OData transport: named operations of transport.ts as calls of the client. */
import type { Entity } from '../../../domain/entities/index.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { Failure, toFailure } from '../../../domain/kernel/failure.ts';
import type { DiscoveredField, DiscoveredSchema, SessionDeps } from '../../kit/contract.ts';
import type { SapConfig, SapSecret } from '../config.ts';
import type { Change, Domain, ListQuery, SapRow, SapTransport } from '../transport.ts';
import type { Part } from './batch.ts';
import { createClient } from './client.ts';
import { entityOf, nameSpaceIn, pageOf } from './decode.ts';
import { discoveredField, readEdmx } from './edmx.ts';
import type { Edmx } from './edmx.ts';
import { encodeBody, filterOf, keyPredicate, parameters } from './literals.ts';
import { SETS, serviceOf } from './services.ts';
import type { ServiceInfo, SetInfo } from './services.ts';

/** Contract 5: a batch of up to some tens of parts. */
const BATCH_PARTS_MAX = 30;
/** Links of one list that are followed; a server that never ends is found by it. */
const LINKS_MAX = 1_000;

export function createODataTransport(config: SapConfig, secret: SapSecret, deps: SessionDeps): SapTransport {
  const client = createClient(config, secret, deps);

  function at(domain: Domain): { set: SetInfo; service: ServiceInfo } {
    const set = SETS[domain];
    return { set, service: serviceOf(config, set.service) };
  }

  function queryOf(set: SetInfo, service: ServiceInfo, query: ListQuery): string {
    const filter = filterOf(service.protocol, query.where);
    const options: [string, string][] = [
      ['$filter', filter],
      ['$orderby', query.orderBy.join(',')],
      ['$top', String(query.top)],
      ['$select', query.only?.join(',') ?? ''],
      ['$expand', query.only === undefined ? set.expand.join(',') : ''],
    ];
    return options
      .flatMap(([name, value]) => (value === '' ? [] : [`${name}=${encodeURIComponent(value)}`]))
      .join('&');
  }

  async function list(domain: Domain, query: ListQuery): Promise<{ rows: SapRow[]; more: boolean }> {
    const { set, service } = at(domain);
    const body = await client.read(service, set.set, queryOf(set, service, query));
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

  async function describe(entities: Readonly<Partial<Record<Entity, Domain>>>): Promise<DiscoveredSchema> {
    const documents = new Map<string, Edmx | null>();
    const found: Partial<Record<Entity, { object: string; fields: Record<string, DiscoveredField> }>> = {};
    for (const [entity, domain] of Object.entries(entities) as [Entity, Domain][]) {
      const { set, service } = at(domain);
      if (!documents.has(service.path)) documents.set(service.path, await load(service));
      const properties = documents.get(service.path)?.sets.get(set.set);
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
      const { set, service } = at('order');
      const body = await client.read(service, set.set, '$top=1&$select=MaintenanceOrder');
      assertVersion2(body, service);
      pageOf(service, body, client.host);
      return { account: client.account, version: nameSpaceIn(body) };
    },
    list,
    async lists(domain, queries) {
      const { set, service } = at(domain);
      const results: SapRow[][] = [];
      for (let start = 0; start < queries.length; start += BATCH_PARTS_MAX) {
        const chunk = queries.slice(start, start + BATCH_PARTS_MAX);
        const urls = chunk.map((query) => `${set.set}?${queryOf(set, service, query)}`);
        const [only] = urls;
        const bodies =
          urls.length === 1 && only !== undefined
            ? [await client.read(service, only)]
            : await client.reads(service, urls);
        for (const [index, body] of bodies.entries()) {
          results.push(await toEnd(service, body, chunk[index]?.top ?? 0));
        }
      }
      return results;
    },
    async get(domain, key) {
      const { set, service } = at(domain);
      const query = set.expand.length === 0 ? '' : `$expand=${encodeURIComponent(set.expand.join(','))}`;
      try {
        const body = await client.read(
          service,
          set.set + keyPredicate(service.protocol, set.key, key),
          query,
        );
        return entityOf(service, body, client.host, 'no');
      } catch (error) {
        if (toFailure(error).kind === 'not_found') return null;
        throw error;
      }
    },
    async create(domain, fields) {
      const { set, service } = at(domain);
      const body = await client.create(service, set.set, encodeBody(service.protocol, fields));
      return entityOf(service, body, client.host, 'unknown');
    },
    async change(domain, key, changes, version) {
      const { service } = at(domain);
      const parts = partsOf(domain, key, changes, version);
      const [first, ...others] = parts;
      if (first === undefined) return;
      if (others.length > 0) await client.changeSet(service, parts);
      else if (first.method === 'POST') await client.create(service, first.url, first.body as JsonObject);
      else await client.modify(service, first);
    },
    async act(domain, key, action, args, version) {
      const { set, service } = at(domain);
      if (service.protocol === 'v4') {
        const path = `${set.set}${keyPredicate('v4', set.key, key)}/SAP__self.${action}`;
        const body = Object.fromEntries(
          Object.entries(args).flatMap(([name, arg]) => (arg ? [[name, arg.value]] : [])),
        );
        await client.act(service, path, '', body, version);
        return;
      }
      const named = Object.fromEntries(
        Object.entries(key).map(([name, value]) => [name, { value, kind: set.key[name] ?? 'text' } as const]),
      );
      await client.act(service, action, parameters('v2', { ...named, ...args }), null, version);
    },
    describe,
    close: () => client.close(),
  };
}
