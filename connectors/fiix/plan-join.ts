/**
 * Plans of Fiix as mappings read them (contract 3.8): with their triggers, of whose many columns those of the trigger's own
 * type count, with what they are for, and with the next date of the forecast.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Children } from './children.ts';
import type { Client } from './client.ts';
import { keyOf } from './meters.ts';
import { oneOf, where } from './pages.ts';
import { pick, present, priorityOf, typeOf } from './record.ts';
import type { Joined } from './record.ts';
import type { AssetRef, References } from './references.ts';
import type { Tenant } from './tenant.ts';
import { idOf, intOf, normalise, splitText, textOf } from './wire.ts';

/** Requests for the next dates of a page of plans; each settles at least one plan. */
const CALENDAR_REQUESTS_MAX = 10;
const CALENDAR_PAGE = 500;

export interface PlanJoinDeps {
  client: Client;
  tenant: Tenant;
  references: References;
  childrenOf: Children;
  now: () => number;
}

export function createPlanJoin({ client, tenant, references, childrenOf, now }: PlanJoinDeps) {
  async function plans(rows: readonly JsonObject[]): Promise<Joined[]> {
    const ids = rows.map(idOf);
    const [priorities, types] = [
      await tenant.priorities(rows.map((row) => intOf(row['intPriorityID']))),
      await tenant.types(rows.map((row) => intOf(row['intMaintenanceTypeID']))),
    ];
    const { ScheduleTrigger: triggers, ScheduledMaintenanceAsset: links } = await childrenOf(
      ['ScheduleTrigger', 'ScheduledMaintenanceAsset'],
      ids,
    );
    const next = await nextDates(ids);
    const assigned = new Map(rows.map((row) => [idOf(row), idsIn(row['strAssignedUserIds'])]));
    const users = await references.people([...assigned.values()].flat());
    const assets = await references.assets([...pick(links, 'intAssetID'), ...pick(triggers, 'intAssetID')]);
    return rows.map((row) => {
      const id = idOf(row);
      const own = triggers.get(id) ?? [];
      const linked = (links.get(id) ?? []).flatMap(
        (link) => assets.get(intOf(link['intAssetID']) ?? 0) ?? [],
      );
      const asset = linked.find(({ kind }) => kind === 'asset');
      const time = own.find((trigger) => trigger['strType'] === 't');
      const meter = own.find((trigger) => trigger['strType'] === 'r' && trigger['strRType'] === 'e');
      const { title, details } = splitText(textOf(row['strDescription']));
      return {
        raw: {
          ...normalise(row),
          ...present({
            title,
            details,
            priority: priorityOf(priorities, row),
            maintenanceType: typeOf(types, row),
            asset: asset?.id,
            location: linked.find(({ kind }) => kind === 'location')?.id,
            assignee: assigned.get(id)?.find((user) => users.has(user)),
            nextDate: next.get(id),
            timeTrigger: time && { ...time, ...present(intervalOf(time)) },
            meterTrigger: meter && { ...meter, ...present({ meter: meterOf(meter, asset) }) },
          }),
          triggers: own,
          links: links.get(id) ?? [],
        },
        children: [...own, ...(links.get(id) ?? [])],
      };
    });
  }

  /** The first forecast date from now on, by plan. Forecasts may be long, so they are asked for in the order of dates. */
  async function nextDates(ids: readonly number[]): Promise<Map<number, number>> {
    const found = new Map<number, number>();
    let open = [...ids];
    for (let tries = 0; tries < CALENDAR_REQUESTS_MAX && open.length > 0; tries += 1) {
      const rows = await client.find({
        className: 'CalendarEvent',
        fields: 'id, intScheduledMaintenanceID, dtmDate',
        filters: [oneOf('intScheduledMaintenanceID', open), where('dtmDate >= ?', [now()])],
        orderBy: 'dtmDate',
        maxObjects: CALENDAR_PAGE,
      });
      for (const row of rows) {
        const plan = intOf(row['intScheduledMaintenanceID']);
        const at = intOf(row['dtmDate']);
        if (plan !== null && at !== null) found.set(plan, Math.min(at, found.get(plan) ?? at));
      }
      if (rows.length === 0) break;
      open = open.filter((id) => !found.has(id));
    }
    return found;
  }

  return plans;
}

const INTERVALS: Readonly<Record<string, string>> = {
  h: 'intTSHEveryHours',
  d: 'intTSDEveryDays',
  w: 'intTSWEveryWeeks',
  m: 'intTSMEveryMonths',
  y: 'intTSYEveryYears',
};
const LOGICS: Readonly<Record<string, string>> = {
  h: 'strDatLogicHourly',
  d: 'strDatLogicDaily',
  w: 'strDatLogicDaily',
  m: 'strDatLogicMonthly',
  y: 'strDatLogicYearly',
};

/** Of its many columns only those of the trigger's own type count (contract 3.8). */
function intervalOf(trigger: JsonObject): { interval: Json; logic: Json } {
  const type = textOf(trigger['strTSType']);
  return { interval: trigger[INTERVALS[type] ?? ''] ?? null, logic: trigger[LOGICS[type] ?? ''] ?? null };
}

function meterOf(trigger: JsonObject, asset: AssetRef | undefined): string | null {
  const assetId = intOf(trigger['intAssetID']) ?? asset?.id ?? null;
  const unitId = intOf(trigger['intRMeterReadingUnitID']);
  return assetId === null || unitId === null ? null : keyOf({ assetId, unitId });
}

/** `" 9 78 675 "` (contract 3.2). */
function idsIn(value: Json | undefined): number[] {
  return textOf(value)
    .split(/\s+/)
    .flatMap((word) => (/^\d+$/.test(word) ? [Number(word)] : []));
}
