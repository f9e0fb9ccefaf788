/**
 * Synonym domains (contract 2.4): external values people see, internal values logic runs on. "DONE" -> COMP is a customer's
 * own synonym, so that nobody takes the external word for the internal one.
 */
import type { Database, Row } from './database.ts';

/** domain: internal value: external values, the first is the default. */
const SHIPPED: Readonly<Record<string, Readonly<Record<string, readonly (readonly [string, string])[]>>>> = {
  WOSTATUS: {
    WAPPR: [['WAPPR', 'Waiting on approval']],
    APPR: [
      ['APPR', 'Approved'],
      ['WPCOND', 'Waiting on plant conditions'],
    ],
    WSCH: [['WSCH', 'Waiting to be scheduled']],
    WMATL: [['WMATL', 'Waiting on material']],
    INPRG: [['INPRG', 'In progress']],
    COMP: [
      ['COMP', 'Completed'],
      ['DONE', 'Done by the crew'],
    ],
    CLOSE: [['CLOSE', 'Closed']],
    CAN: [['CAN', 'Canceled']],
    HISTEDIT: [['HISTEDIT', 'Edited in history']],
  },
  SRSTATUS: {
    NEW: [['NEW', 'New']],
    QUEUED: [['QUEUED', 'Queued']],
    PENDING: [['PENDING', 'Pending']],
    INPROG: [['INPROG', 'In progress']],
    RESOLVED: [['RESOLVED', 'Resolved']],
    CLOSED: [
      ['CLOSED', 'Closed'],
      ['CANCELLED', 'Cancelled'],
      ['REJECTED', 'Rejected'],
    ],
    HISTEDIT: [['HISTEDIT', 'Edited in history']],
  },
  LOCASSETSTATUS: {
    'NOT READY': [['NOT READY', 'Not ready']],
    OPERATING: [
      ['OPERATING', 'Operating'],
      ['ACTIVE', 'Active'],
      ['LIMITEDUSE', 'Limited use'],
    ],
    DECOMMISSIONED: [
      ['DECOMMISSIONED', 'Decommissioned'],
      ['BROKEN', 'Broken'],
      ['INACTIVE', 'Inactive'],
      ['MISSING', 'Missing'],
      ['SEALED', 'Sealed'],
    ],
    IMPORTED: [['IMPORTED', 'Imported']],
  },
  ITEMSTATUS: {
    PENDING: [['PENDING', 'Pending']],
    PLANNING: [['PLANNING', 'Planning']],
    ACTIVE: [['ACTIVE', 'Active']],
    PENDOBS: [['PENDOBS', 'Pending obsolescence']],
    OBSOLETE: [['OBSOLETE', 'Obsolete']],
  },
  PMSTATUS: {
    DRAFT: [['DRAFT', 'Draft']],
    ACTIVE: [['ACTIVE', 'Active']],
    INACTIVE: [['INACTIVE', 'Inactive']],
  },
  PERSONSTATUS: {
    ACTIVE: [['ACTIVE', 'Active']],
    INACTIVE: [['INACTIVE', 'Inactive']],
  },
  LOCTYPE: {
    OPERATING: [['OPERATING', 'Operating location']],
    STOREROOM: [['STOREROOM', 'Storeroom']],
    COURIER: [['COURIER', 'Courier']],
    LABOR: [['LABOR', 'Labor']],
    HOLDING: [['HOLDING', 'Holding']],
    REPAIR: [['REPAIR', 'Repair']],
    SALVAGE: [['SALVAGE', 'Salvage']],
    VENDOR: [['VENDOR', 'Vendor']],
  },
};

export function seedDomains(db: Database): void {
  for (const [domainid, internals] of Object.entries(SHIPPED)) {
    for (const [maxvalue, externals] of Object.entries(internals)) {
      externals.forEach(([value, description], at) => {
        const valueid = `${domainid}|${value}`;
        db.insert('SYNONYMDOMAIN', { domainid, value, maxvalue, description, defaults: at === 0, valueid });
      });
    }
  }
}

export interface DomainValue {
  value: string;
  maxvalue: string;
  description: string;
  defaults: boolean;
}

export interface Domains {
  /** The entry of an external value; null when the domain does not have it. */
  external(domain: string, value: string): DomainValue | null;
  internal(domain: string, value: string): string | null;
  defaultExternal(domain: string, maxvalue: string): string;
  values(domain: string): DomainValue[];
}

/** Reads the domains from their table, where people may add synonyms; recomputed when the table changes. */
export function createDomains(db: Database): Domains {
  let version = -1;
  let byDomain = new Map<string, Map<string, DomainValue>>();

  const entry = (row: Row): DomainValue => ({
    value: String(row.values.value),
    maxvalue: String(row.values.maxvalue),
    description: String(row.values.description ?? ''),
    defaults: row.values.defaults === true,
  });

  const load = (domain: string): Map<string, DomainValue> => {
    const table = db.table('SYNONYMDOMAIN');
    if (table.version !== version) {
      version = table.version;
      byDomain = new Map();
    }
    let values = byDomain.get(domain);
    if (values === undefined) {
      values = new Map(
        db.find('SYNONYMDOMAIN', ['domainid'], [domain]).map((row) => [String(row.values.value), entry(row)]),
      );
      byDomain.set(domain, values);
    }
    return values;
  };

  return {
    external: (domain, value) => load(domain).get(value) ?? null,
    internal: (domain, value) => load(domain).get(value)?.maxvalue ?? null,
    defaultExternal(domain, maxvalue) {
      const candidates = [...load(domain).values()].filter((found) => found.maxvalue === maxvalue);
      return (candidates.find((found) => found.defaults) ?? candidates[0])?.value ?? maxvalue;
    },
    values: (domain) => [...load(domain).values()],
  };
}
