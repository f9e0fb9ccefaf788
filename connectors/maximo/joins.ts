/**
 * What a record needs from a second object structure: stock lines of a part (INVENTORY has no change date and is read
 * with the items), the master of a meter (kind and unit), the person of a labour booking. Joined here because dotted attributes cost the server one
 * query a row (contract 6), and item text through inventory came back empty at one site (7.15).
 */
import type { Entity } from '../../domain/entities/index.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import type { ListRequest, MaximoClient } from './client.ts';
import type { MaximoConfig } from './config.ts';
import { createLabor } from './labor.ts';
import type { Labor } from './labor.ts';
import { content, rowsOf } from './record.ts';
import { besideOf } from './structures.ts';
import { all, among, equal } from './where.ts';
import { isObject, textOf } from './wire.ts';
import type { Collection } from './wire.ts';

export interface Joins {
  labor: Labor;
  /** Adds the joined parts to `raw`, in place. */
  complete(entity: Entity, records: readonly ExternalRecord[]): Promise<void>;
  /** Stock lines of these items, for choosing a storeroom. */
  stock(itemnums: readonly string[]): Promise<JsonObject[]>;
}

const STOCK_SELECT =
  'inventoryid,itemnum,itemsetid,location,siteid,status,curbaltotal,curbal,avblbalance,minlevel,maxlevel,sstock,orderqty,issueunit,binnum,vendor,avgcost,stdcost,lastcost';
const METER_SELECT = 'meterid,metername,description,metertype,readingtype,measureunitid,domainid';
const ROWS = 100;

export function createJoins({ client, config }: { client: MaximoClient; config: MaximoConfig }): Joins {
  const meters = new Map<string, JsonObject | null>();
  /** Object structures the account may not read; asked once a session. */
  const closed = new Set<string>();

  async function listAll(
    request: Omit<ListRequest, 'orderBy' | 'pageSize'>,
    uid: string,
  ): Promise<JsonObject[]> {
    const rows: JsonObject[] = [];
    if (closed.has(request.os)) return rows;
    let after: number | null = null;
    try {
      for (;;) {
        const page: Collection = await client.list({
          ...request,
          where: all(request.where, after === null ? null : `${uid}>${after}`),
          orderBy: `+${uid}`,
          pageSize: ROWS,
        });
        rows.push(...page.members.map(content));
        const last = page.members.at(-1)?.[uid];
        if (typeof last !== 'number' || !page.more) return rows;
        after = last;
      }
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind !== 'forbidden' && failure.kind !== 'not_found') throw failure;
      closed.add(request.os);
      return [];
    }
  }

  const labor = createLabor({ listAll, config });

  async function stock(itemnums: readonly string[]): Promise<JsonObject[]> {
    const os = besideOf('inventory', config);
    if (os === null) return [];
    const rows: JsonObject[] = [];
    for (let from = 0; from < itemnums.length; from += ROWS) {
      const where = all(equal('siteid', config.site), among('itemnum', itemnums.slice(from, from + ROWS)));
      rows.push(...(await listAll({ os, select: STOCK_SELECT, where }, 'inventoryid')));
    }
    return rows;
  }

  async function completeParts(records: readonly ExternalRecord[]): Promise<void> {
    const byItem = new Map<string, JsonObject[]>();
    for (const row of await stock([...new Set(records.map((record) => textOf(record.raw.itemnum)))])) {
      const id = `${textOf(row.itemsetid)}|${textOf(row.itemnum)}`;
      byItem.set(id, [...(byItem.get(id) ?? []), row]);
    }
    for (const record of records) {
      const rows = byItem.get(record.externalId);
      if (rows === undefined) continue;
      record.raw.inventory = rows.sort((a, b) => (textOf(a.location) < textOf(b.location) ? -1 : 1));
    }
  }

  async function completeMeters(records: readonly ExternalRecord[]): Promise<void> {
    const os = besideOf('meterMaster', config);
    if (os === null) return;
    const unknown = [...new Set(records.map((record) => textOf(record.raw.metername)))].filter(
      (name) => !meters.has(name),
    );
    for (let from = 0; from < unknown.length; from += ROWS) {
      const names = unknown.slice(from, from + ROWS);
      for (const name of names) meters.set(name, null);
      const where = among('metername', names);
      for (const row of await listAll({ os, select: METER_SELECT, where }, 'meterid')) {
        meters.set(textOf(row.metername), row);
      }
    }
    for (const record of records) {
      const master = meters.get(textOf(record.raw.metername));
      if (isObject(master)) record.raw.meter = master;
    }
  }

  /** Adds the person to each booking, because a booking names a laborcode only. */
  async function completeOrders(records: readonly ExternalRecord[]): Promise<void> {
    const bookings = records.flatMap(({ raw }) => (raw.labtrans === undefined ? [] : rowsOf(raw.labtrans)));
    if (bookings.length === 0) return;
    const persons = await labor.persons(bookings.map((row) => textOf(row.laborcode)));
    for (const row of bookings) row.personid = persons.get(textOf(row.laborcode)) ?? row.laborcode ?? null;
  }

  return {
    stock,
    labor,
    async complete(entity, records) {
      if (records.length === 0) return;
      if (entity === 'part') await completeParts(records);
      if (entity === 'meter') await completeMeters(records);
      if (entity === 'work_order') await completeOrders(records);
    },
  };
}
