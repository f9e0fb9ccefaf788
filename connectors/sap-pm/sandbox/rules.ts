/** What each object does when it is written: a table of contents. */
import { ASSET_RULES } from './rules-asset.ts';
import { CONFIRMATION_RULES } from './rules-confirmation.ts';
import type { Rules } from './draft.ts';
import { MEASURING_RULES } from './rules-measuring.ts';
import { NOTIFICATION_RULES } from './rules-notification.ts';
import { ORDER_RULES } from './rules-order.ts';
import { PLAN_RULES } from './rules-plan.ts';
import { PRODUCT_RULES } from './rules-product.ts';

const RULES: Readonly<Record<string, Rules>> = {
  ...ORDER_RULES,
  ...CONFIRMATION_RULES,
  ...NOTIFICATION_RULES,
  ...ASSET_RULES,
  ...PLAN_RULES,
  ...MEASURING_RULES,
  ...PRODUCT_RULES,
};

export function rulesOf(table: string): Rules {
  return RULES[table] ?? {};
}
