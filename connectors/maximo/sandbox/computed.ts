/** Non-persistent attributes the server computes when they are asked for (contract 2.3: NP). */
import type { Row } from './database.ts';
import type { Mbo, Value } from './model.ts';
import type { World } from './world.ts';

export type Computed = (row: Row) => Value;

const STOCK_LINK = ['itemnum', 'itemsetid', 'location', 'siteid'] as const;

function stockKey(row: Row): Value[] {
  return STOCK_LINK.map((name) => row.values[name] ?? null);
}

function balance(world: World, row: Row): number {
  return world.db
    .find('INVBALANCES', STOCK_LINK, stockKey(row))
    .reduce((sum, found) => sum + Number(found.values.curbal ?? 0), 0);
}

function inventoryValue(world: World, name: string): Computed | null {
  if (name === 'curbal' || name === 'curbaltotal' || name === 'avblbalance')
    return (row) => balance(world, row);
  if (name === 'reservedqty') return () => 0;
  if (name === 'avgcost' || name === 'stdcost' || name === 'lastcost') {
    return (row) => world.db.find('INVCOST', STOCK_LINK, stockKey(row))[0]?.values[name] ?? null;
  }
  return null;
}

function personValue(world: World, name: string): Computed | null {
  const [table, column] = name === 'primaryemail' ? ['EMAIL', 'emailaddress'] : ['PHONE', 'phonenum'];
  if (name !== 'primaryemail' && name !== 'primaryphone') return null;
  return (row) => {
    const rows = world.db.find(table, ['personid'], [row.values.personid ?? null]);
    return (rows.find((found) => found.values.isprimary === true) ?? rows[0])?.values[column] ?? null;
  };
}

function locationValue(world: World, name: string): Computed | null {
  const node = (row: Row): Row | undefined =>
    world.db.find(
      'LOCHIERARCHY',
      ['location', 'siteid'],
      [row.values.location ?? null, row.values.siteid ?? null],
    )[0];
  if (name === 'parent' || name === 'systemid') return (row) => node(row)?.values[name] ?? null;
  if (name === 'hasparent') return (row) => (node(row)?.values.parent ?? null) !== null;
  if (name === 'children' || name === 'haschildren') {
    return (row) =>
      world.db.find(
        'LOCHIERARCHY',
        ['parent', 'siteid'],
        [row.values.location ?? null, row.values.siteid ?? null],
      ).length > 0;
  }
  return null;
}

const COMPUTED_FROM: Readonly<Record<string, readonly string[]>> = {
  INVENTORY: ['INVBALANCES', 'INVCOST'],
  PERSON: ['EMAIL', 'PHONE'],
  LOCATIONS: ['LOCHIERARCHY'],
};

/** The tables that computed attributes of an object are read from. */
export function computedFrom(mbo: Mbo): readonly string[] {
  return COMPUTED_FROM[mbo.name] ?? [];
}

/** How an attribute is computed, or null when it is simply stored. */
export function computedValue(world: World, mbo: Mbo, name: string): Computed | null {
  switch (mbo.name) {
    case 'INVENTORY':
      return inventoryValue(world, name);
    case 'PERSON':
      return personValue(world, name);
    case 'LOCATIONS':
      return locationValue(world, name);
    case 'MATUSETRANS':
      return name === 'positivequantity' ? (row) => Math.abs(Number(row.values.quantity ?? 0)) : null;
    default:
      return null;
  }
}
