/** Long texts of orders, operations and components: one a language, of the text types that the object has. */
import { refuse } from './checks.ts';
import { patchRow, textOf, type Rules } from './draft.ts';
import { orderBelowChanged } from './order-state.ts';

const TEXT_TYPES: Readonly<Record<string, readonly string[]>> = {
  MaintenanceOrderLongText: ['KOPF'],
  MaintOrderOpLongText: ['AVOT'],
  MaintOrderOpCompLongText: ['MATK'],
};

export function longTextRules(table: string): Rules {
  return {
    create(call, draft) {
      if (!(TEXT_TYPES[table] ?? []).includes(textOf(draft, 'TextObjectType'))) {
        throw refuse(
          'TD/600',
          `Text ID ${textOf(draft, 'TextObjectType')} is not defined for text object AUFK`,
          'TextObjectType',
        );
      }
      draft['Language'] ??= 'EN';
      const keys = call.world.db.keysOf(table);
      const twin = call.world.db.where(
        table,
        keys.map(({ name }) => name),
        keys.map(({ name }) => draft[name] ?? ''),
      );
      if (twin.length > 0)
        throw refuse('TD/601', `Text in language ${textOf(draft, 'Language')} already exists`, 'Language');
    },
    belowChanged(call, row) {
      const order = call.world.db.get('MaintenanceOrder', textOf(row.values, 'MaintenanceOrder'));
      if (order !== undefined && table === 'MaintenanceOrderLongText') {
        const texts = call.world.db.where(
          table,
          ['MaintenanceOrder'],
          [textOf(row.values, 'MaintenanceOrder')],
        );
        patchRow(call, 'MaintenanceOrder', order, { OrderHasLongText: texts.length > 0 });
      }
      orderBelowChanged(call, row);
    },
  };
}
