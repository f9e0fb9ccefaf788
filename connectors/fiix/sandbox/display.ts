/** What the server computes when it answers: display texts of references (`dv_`) and calculated fields (`cf_`), contract 2.10. */
import type { ClassName, Column } from './schema.ts';
import type { Store } from './store.ts';
import type { Row } from './store.ts';

function text(row: Row, field: string): string | undefined {
  const value = row.fields[field];
  return value === undefined ? undefined : String(value);
}

export function nameOf(className: ClassName, row: Row): string | undefined {
  switch (className) {
    case 'WorkOrder':
    case 'ScheduledMaintenance':
      return text(row, 'strCode');
    case 'Asset': {
      const code = text(row, 'strCode');
      const name = text(row, 'strName') ?? '';
      return code === undefined ? name : `${name} (${code})`;
    }
    case 'User':
      return text(row, 'strFullName');
    case 'PurchaseOrder':
      return text(row, 'intCode');
    case 'AssetEventType':
      return text(row, 'strEventName');
    default:
      return text(row, 'strName') ?? text(row, 'strCode') ?? text(row, 'strDescription');
  }
}

/** Undefined when the reference is empty. */
export function displayValue(store: Store, column: Column, row: Row): string | undefined {
  if (column.ref === null) return undefined;
  const target = store.get(column.ref, row.fields[column.name]);
  return target === undefined ? undefined : nameOf(column.ref, target);
}

type Calculation = (store: Store, row: Row) => unknown;

function defaultImage(store: Store, row: Row): number {
  const image = store.referring('File', 'intAssetID', row.id).find((file) => {
    const contents = store.get('FileContents', file.fields['intFileContentsID']);
    return String(contents?.fields['strMimeType'] ?? '').startsWith('image/');
  });
  return image?.id ?? -1;
}

/** The newest reading of each unit. */
function latestReadings(store: Store, row: Row): object {
  const newest = new Map<unknown, Row>();
  for (const reading of store.referring('MeterReading', 'intAssetID', row.id)) {
    const unit = reading.fields['intMeterReadingUnitsID'];
    const known = newest.get(unit)?.fields['dtmDateSubmitted'] ?? -Infinity;
    if ((reading.fields['dtmDateSubmitted'] ?? 0) >= known) newest.set(unit, reading);
  }
  return {
    returnObjects: [...newest.values()].map(({ fields }) => ({ className: 'MeterReading', ...fields })),
  };
}

function address(store: Store, row: Row): string | undefined {
  const parts = ['strAddress', 'strCity', 'strProvince', 'strPostalCode'].flatMap(
    (field) => text(row, field) ?? [],
  );
  const country = store.get('Country', row.fields['intCountryID']);
  if (country !== undefined) parts.push(nameOf('Country', country) ?? '');
  return parts.length === 0 ? undefined : parts.join(', ');
}

const CALCULATIONS: Readonly<Partial<Record<ClassName, Readonly<Record<string, Calculation>>>>> = {
  Asset: {
    cf_intDefaultImageFileID: defaultImage,
    cf_intDefaultImageFileThumbnailID: defaultImage,
    cf_getLatestReadingsFor: latestReadings,
    cf_assetAddressString: address,
    cf_intAddressAssetID: (store, row) => (address(store, row) === undefined ? undefined : row.id),
  },
  ScheduledMaintenance: {
    cf_dvSMAsset: (store, row) =>
      store
        .referring('ScheduledMaintenanceAsset', 'intScheduledMaintenanceID', row.id)
        .flatMap((link) => {
          const asset = store.get('Asset', link.fields['intAssetID']);
          return asset === undefined ? [] : (nameOf('Asset', asset) ?? []);
        })
        .join(', '),
  },
  User: {
    cf_intSiteIDs: (store, row) =>
      store.referring('SiteUser', 'intUserID', row.id).map(({ fields }) => fields['intSiteID']),
  },
  WorkOrderTask: {
    cf_bolIsCompleteable: (_store, row) => (row.fields['dtmDateCompleted'] === undefined ? 1 : 0),
  },
};

export function calculationOf(className: ClassName, field: string): Calculation | undefined {
  const calculations = CALCULATIONS[className];
  return calculations !== undefined && Object.hasOwn(calculations, field) ? calculations[field] : undefined;
}
