/** Materials (contract 2.8): a change below moves the material. Stock is never written here. */
import { checkUnit, refuse } from './checks.ts';
import { CURRENCY } from './customizing.ts';
import { changedNow, patchRow, textOf, todayOf, type Draft, type Rules } from './draft.ts';
import type { Call } from './world.ts';
import type { Row } from './tables.ts';

function stamp(call: Call, draft: Draft): void {
  // Finer than a second, unlike the rest (contract 4.1).
  Object.assign(draft, changedNow(call), { LastChangeDateTime: call.world.kit.clock.now() });
  draft['LastChangeDate'] = todayOf(call);
  draft['LastChangedByUser'] = call.user;
}

function touch(call: Call, row: Row): void {
  const product = call.world.db.get('A_Product', textOf(row.values, 'Product'));
  if (product === undefined) return;
  const draft: Draft = { ...product.values };
  stamp(call, draft);
  patchRow(call, 'A_Product', product, draft);
}

const below: Rules = {
  create(call, draft) {
    const product = call.world.db.get('A_Product', textOf(draft, 'Product'));
    if (product !== undefined) draft['BaseUnit'] = textOf(product.values, 'BaseUnit');
    draft['Currency'] = CURRENCY;
  },
  belowChanged: touch,
};

export const PRODUCT_RULES: Readonly<Record<string, Rules>> = {
  A_Product: {
    create(call, draft) {
      const key = textOf(draft, 'Product').toUpperCase();
      if (key === '') throw refuse('M3/099', 'Enter a material number', 'Product');
      if (call.world.db.get('A_Product', key) !== undefined)
        throw refuse('M3/025', `Material ${key} already exists`, 'Product');
      checkUnit(draft, 'BaseUnit');
      draft['Product'] = key;
      draft['IndustrySector'] = textOf(draft, 'IndustrySector') || 'M';
      draft['CreationDate'] = todayOf(call);
      draft['CreatedByUser'] = call.user;
      stamp(call, draft);
    },
    update(call, _before, draft) {
      stamp(call, draft);
    },
  },
  A_ProductDescription: below,
  A_ProductBasicText: below,
  A_ProductPlant: below,
  A_ProductSupplyPlanning: below,
  A_ProductStorageLocation: below,
  A_ProductValuation: below,
  A_ProductUnitsOfMeasure: below,
};
