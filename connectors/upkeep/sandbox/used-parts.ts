/** The parts of a work order one by one: ids and quantities are two parallel lists of the record. */
import type { ElementList, Screens } from '../../kit/sandbox/index.ts';

interface Used {
  part: string;
  quantity: number;
}

export function usedParts(screens: Screens): ElementList {
  const read = (id: string): Used[] => {
    const order = screens.list('work-orders').find((one) => (one as { id: string }).id === id) as
      { parts?: string[]; respectivePartQuantityUsed?: number[] } | undefined;
    const { parts = [], respectivePartQuantityUsed: quantities = [] } = order ?? {};
    return parts.map((part, i) => ({ part, quantity: quantities[i] ?? 1 }));
  };
  const write = (id: string, used: readonly Used[]): void => {
    const [parts, respectivePartQuantityUsed] = [
      used.map(({ part }) => part),
      used.map((one) => one.quantity),
    ];
    screens.change('work-orders', id, { parts, respectivePartQuantityUsed });
  };
  const taken = ({ part, quantity }: Record<string, unknown>): Used => ({
    part: String(part),
    quantity: Number(quantity ?? 1),
  });
  return {
    of: (id) => read(id).map((used) => ({ key: used.part, fields: { ...used } })),
    add: (id, fields) => write(id, [...read(id), taken(fields)]),
    change: (id, key, fields) =>
      write(
        id,
        read(id).map((used) => (used.part === key ? taken({ ...used, ...fields }) : used)),
      ),
    remove: (id, key) =>
      write(
        id,
        read(id).filter(({ part }) => part !== key),
      ),
  };
}
