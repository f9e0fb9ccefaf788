/** Version 1 of the order service: what differs from version 2 (contract 2.1), read-only as on S/4HANA 2021. */
import type { SetSpec } from './schema.ts';

/** Version 2 only. */
const NEWER =
  /\b(MaintOrderCreationDateTime|LastChangeByUser|OrderHasLongText|MaintenancePlan|MaintenanceItem|MaintenanceCall|TaskListType|TaskListGroup|TaskListGroupCounter|Currency) \w+(\.\d+)?[#!†-]*(,|$)/g;

function older(list: string, header: boolean): string {
  const plain = list.replaceAll(/\s+/g, ' ');
  return (header ? plain.replaceAll(NEWER, '') : plain)
    .replaceAll(/\b(Assembly|Product) s40/g, '$1 s18')
    .replaceAll('MaintComponentItemCategory', 'MaintOrdOpCompItemCategory');
}

export function ordersVersion1(specs: Readonly<Record<string, SetSpec>>): Record<string, SetSpec> {
  const sets = [
    'MaintenanceOrder',
    'MaintenanceOrderOperation',
    'MaintOrderOpComponent',
    'MaintenanceOrderLongText',
    'MaintenanceOrderPartner',
  ];
  return Object.fromEntries(
    sets.map((name) => {
      const spec = specs[name];
      const header = name === 'MaintenanceOrder';
      const component = name === 'MaintOrderOpComponent';
      const own: SetSpec = {
        ...spec,
        may: '',
        key: component
          ? 'MaintenanceOrder s12, MaintenanceOrderOperation s4, MaintenanceOrderSubOperation s4, MaintenanceOrderComponent s4'
          : (spec?.key ?? ''),
        write: older(spec?.write ?? '', header).replace(
          component ? 'MaintenanceOrderComponent s4,' : '\u0000',
          '',
        ),
        create: older(spec?.create ?? '', header),
        read: older(spec?.read ?? '', header),
        nav: (spec?.nav ?? '').replaceAll('to_MaintOrderOpComponent_2', 'to_MaintOrderOpComponent'),
      };
      return [name, own];
    }),
  );
}
