/** The list of business objects with rules of their own. */
import { locationRules, assetRules } from './rules-asset.ts';
import { assetMeterRules, locationMeterRules } from './rules-meter.ts';
import {
  inventoryRules,
  itemRules,
  laborRules,
  materialRules,
  personRules,
  planRules,
} from './rules-stock.ts';
import { requestRules } from './rules-request.ts';
import { laborTransactionRules, workLogRules, workOrderRules } from './rules-work-order.ts';
import type { Rules } from './write-context.ts';

const RULES: Readonly<Record<string, Rules>> = {
  WORKORDER: workOrderRules,
  WORKLOG: workLogRules,
  LABTRANS: laborTransactionRules,
  MATUSETRANS: materialRules,
  SR: requestRules,
  ASSET: assetRules,
  LOCATIONS: locationRules,
  ASSETMETER: assetMeterRules,
  LOCATIONMETER: locationMeterRules,
  ITEM: itemRules,
  INVENTORY: inventoryRules,
  PM: planRules,
  PERSON: personRules,
  LABOR: laborRules,
};

const NONE: Rules = {};

export function rulesOf(mbo: string): Rules {
  return RULES[mbo] ?? NONE;
}
