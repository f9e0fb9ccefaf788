/** Where each domain lives in OData: service, protocol, set, key and what is read with a row (contract 1.1, 2). Paths may be configured. */
import { absentEntity } from '../../kit/absent-entity.ts';
import type { SapConfig, Service } from '../config.ts';
import type { Domain } from '../transport.ts';

export type Protocol = 'v2' | 'v4';

export interface ServiceInfo {
  name: Service;
  protocol: Protocol;
  /** Below the host, without a slash at the end. */
  path: string;
}

const V2 = '/sap/opu/odata/sap';
const V4 = '/sap/opu/odata4/sap';

const SERVICES: Readonly<Record<Service, { protocol: Protocol; path: string }>> = {
  // Version 1 answers without the suffix; it is read-only on 2021 and deprecated (contract, surprise 8).
  orders: { protocol: 'v2', path: `${V2}/API_MAINTENANCEORDER;v=0002` },
  notifications: { protocol: 'v2', path: `${V2}/API_MAINTNOTIFICATION` },
  equipment: { protocol: 'v2', path: `${V2}/API_EQUIPMENT` },
  locations: { protocol: 'v2', path: `${V2}/API_FUNCTIONALLOCATION` },
  plans: { protocol: 'v2', path: `${V2}/API_MAINTENANCEPLAN` },
  products: { protocol: 'v2', path: `${V2}/API_PRODUCT_SRV` },
  stock: { protocol: 'v2', path: `${V2}/API_MATERIAL_STOCK_SRV` },
  points: { protocol: 'v4', path: `${V4}/api_measuringpoint/srvd_a2x/sap/measuringpoint/0001` },
  readings: { protocol: 'v4', path: `${V4}/api_measurementdocument/srvd_a2x/sap/measurementdocument/0001` },
};

export function serviceOf(config: SapConfig, name: Service): ServiceInfo {
  const { protocol, path } = SERVICES[name];
  const own = config.services[name] ?? path;
  if (own === false) {
    throw absentEntity(
      `The setting services.${name} says that this SAP does not offer the service, so ${WHAT[name]} are left out.`,
      `services.${name}`,
    );
  }
  return { name, protocol, path: own.replace(/\/+$/, '') };
}

/** What lives in each service, for people. */
export const WHAT: Readonly<Record<Service, string>> = {
  orders: 'work orders',
  notifications: 'requests',
  equipment: 'assets',
  locations: 'locations',
  plans: 'plans',
  products: 'parts',
  stock: 'parts',
  points: 'meters',
  readings: 'meters',
};

export interface SetInfo {
  service: Service;
  set: string;
  /** Key properties, `date` where the literal is one. */
  key: Readonly<Record<string, 'text' | 'date'>>;
  expand: readonly string[];
}

export const SETS: Readonly<Record<Domain, SetInfo>> = {
  order: {
    service: 'orders',
    set: 'MaintenanceOrder',
    key: { MaintenanceOrder: 'text' },
    expand: [
      'to_MaintenanceOrderOperation',
      // Version 2 renamed it, and it sits on the operation, not on the order (contract 7).
      'to_MaintenanceOrderOperation/to_MaintOrderOpComponent_2',
      'to_MaintenanceOrderOperation/to_MaintOrderOpLongText',
      'to_MaintenanceOrderLongText',
    ],
  },
  notification: {
    service: 'notifications',
    set: 'MaintenanceNotification',
    key: { MaintenanceNotification: 'text' },
    expand: [],
  },
  equipment: {
    service: 'equipment',
    set: 'Equipment',
    key: { Equipment: 'text', ValidityEndDate: 'date' },
    expand: ['to_LongText', 'to_Warranty'],
  },
  location: {
    service: 'locations',
    set: 'FunctionalLocation',
    key: { FunctionalLocation: 'text' },
    expand: ['to_LongText'],
  },
  item: {
    service: 'plans',
    set: 'MaintenanceItem',
    key: { MaintenanceItem: 'text' },
    expand: ['to_LongText'],
  },
  plan: {
    service: 'plans',
    set: 'MaintenancePlan',
    key: { MaintenancePlan: 'text' },
    expand: ['to_MaintenanceCycle', 'to_StrategyCycle', 'to_Schedules'],
  },
  product: {
    service: 'products',
    set: 'A_Product',
    key: { Product: 'text' },
    expand: [
      'to_Description',
      'to_Plant',
      'to_Plant/to_ProductSupplyPlanning',
      'to_Plant/to_StorageLocation',
      'to_Valuation',
    ],
  },
  stock: { service: 'stock', set: 'A_MatlStkInAcctMod', key: { Material: 'text' }, expand: [] },
  point: { service: 'points', set: 'MeasuringPoint', key: { MeasuringPoint: 'text' }, expand: [] },
  document: {
    service: 'readings',
    set: 'MeasurementDocument',
    key: { MeasurementDocument: 'text' },
    expand: [],
  },
};
