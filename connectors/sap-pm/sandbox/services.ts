/** The services of the system: path, protocol, sets, actions (contract 1.1). A table of contents. */
import {
  ATTACHMENT_SETS,
  CONFIRMATION_SETS,
  PRODUCT_SETS,
  RESERVATION_SETS,
  STOCK_SETS,
} from './model-logistics.ts';
import { EQUIPMENT_SETS } from './model-equipment.ts';
import { LOCATION_SETS } from './model-locations.ts';
import { MEASURING_SETS } from './model-measuring.ts';
import { NOTIFICATION_SETS } from './model-notifications.ts';
import { ORDER_SETS } from './model-orders.ts';
import { ordersVersion1 } from './model-orders-v1.ts';
import { PLAN_SETS } from './model-plans.ts';
import { buildSets, type EntitySet, type Field, type SetSpec } from './schema.ts';

export interface Service {
  name: string;
  /** As in `;v=0002`. */
  version: string;
  protocol: 2 | 4;
  /** Below the host. */
  path: string;
  namespace: string;
  sets: ReadonlyMap<string, EntitySet>;
  /** GET only (contract 2.1: version 1 of the orders on 2021). */
  readOnly: boolean;
}

function v2(
  name: string,
  namespace: string,
  specs: Readonly<Record<string, SetSpec>>,
  more: Partial<Service> = {},
): Service {
  return {
    name,
    version: '0001',
    protocol: 2,
    path: `/sap/opu/odata/sap/${name}`,
    namespace,
    sets: buildSets(specs),
    readOnly: false,
    ...more,
  };
}

function v4(name: string, object: string, specs: Readonly<Record<string, SetSpec>>): Service {
  const namespace = `com.sap.gateway.srvd_a2x.${name}.v0001`;
  const path = `/sap/opu/odata4/sap/${name}/srvd_a2x/sap/${object}/0001`;
  return { ...v2(name, namespace, specs), protocol: 4, path };
}

function only(
  specs: Readonly<Record<string, SetSpec>>,
  wanted: (name: string) => boolean,
): Record<string, SetSpec> {
  return Object.fromEntries(Object.entries(specs).filter(([name]) => wanted(name)));
}

const POINTS = /^MeasuringPoint/;
const ITEMS = /^(MaintenanceItem|MaintItem)|CallObject$/;

export function createServices(): readonly Service[] {
  return [
    v2('API_MAINTENANCEORDER', 'cds_api_maintenanceorder_2', ORDER_SETS, { version: '0002' }),
    v2('API_MAINTENANCEORDER', 'cds_api_maintenanceorder', ordersVersion1(ORDER_SETS), { readOnly: true }),
    v2('API_MAINTORDERCONFIRMATION', 'API_MAINTORDERCONFIRMATION', CONFIRMATION_SETS),
    v2('API_MAINTNOTIFICATION', 'cds_api_maintnotification', NOTIFICATION_SETS),
    v2('API_EQUIPMENT', 'cds_api_equipment', EQUIPMENT_SETS),
    v2('API_FUNCTIONALLOCATION', 'cds_api_functionallocation', LOCATION_SETS),
    v2('API_MAINTENANCEPLAN', 'cds_api_maintenanceplan', PLAN_SETS),
    v2(
      'API_MAINTENANCEITEM',
      'cds_api_maintenanceitem',
      only(PLAN_SETS, (name) => ITEMS.test(name)),
    ),
    v2('API_PRODUCT_SRV', 'API_PRODUCT_SRV', PRODUCT_SETS),
    v2('API_MATERIAL_STOCK_SRV', 'API_MATERIAL_STOCK_SRV', STOCK_SETS, { readOnly: true }),
    v2('API_RESERVATION_DOCUMENT_SRV', 'API_RESERVATION_DOCUMENT_SRV', RESERVATION_SETS, { readOnly: true }),
    v2('API_CV_ATTACHMENT_SRV', 'API_CV_ATTACHMENT_SRV', ATTACHMENT_SETS),
    v4(
      'api_measuringpoint',
      'measuringpoint',
      only(MEASURING_SETS, (name) => POINTS.test(name)),
    ),
    v4(
      'api_measurementdocument',
      'measurementdocument',
      only(MEASURING_SETS, (name) => !POINTS.test(name)),
    ),
  ];
}

/** The key fields of every table behind the services. */
export function tablesOf(services: readonly Service[]): Map<string, readonly Field[]> {
  const tables = new Map<string, readonly Field[]>();
  for (const { sets } of services) {
    for (const { table, keys } of sets.values()) if (!tables.has(table)) tables.set(table, keys);
  }
  return tables;
}

/** The set that shows a table with everything it has. */
export function setOfTable(
  services: readonly Service[],
  table: string,
): { service: Service; set: EntitySet } {
  for (const service of services) {
    for (const set of service.sets.values()) if (set.table === table) return { service, set };
  }
  throw new TypeError(`There is no object "${table}".`);
}

/** Resolves `/sap/opu/odata/sap/API_X;v=2/...`: the service and what stands behind it. */
export function findService(
  services: readonly Service[],
  path: string,
): { service: Service; root: string; rest: string } | null {
  const match = /^(\/sap\/opu\/odata\/sap\/([^/;]+))(?:;v=(\d+))?(?=\/|$)/i.exec(path);
  if (match !== null) {
    const [root, , name = '', version] = match;
    const named = services.filter(
      (service) => service.protocol === 2 && service.name.toUpperCase() === name.toUpperCase(),
    );
    // Without a version the first one answers (contract 1.1).
    const wanted = (version ?? '1').padStart(4, '0');
    const service = named.find((candidate) => candidate.version === wanted);
    return service === undefined ? null : { service, root, rest: path.slice(root.length) };
  }
  const service = services.find(
    (candidate) => candidate.protocol === 4 && path.toLowerCase().startsWith(candidate.path.toLowerCase()),
  );
  if (service === undefined) return null;
  return { service, root: service.path, rest: path.slice(service.path.length) };
}
