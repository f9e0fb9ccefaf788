/** Equipment and functional locations (contract 2.4, 2.5): numbers, labels, flags of the hierarchy, null change times. */
import { checkEquipment, checkLocation, checkOneOf, checkPlant, checkWorkCenter, refuse } from './checks.ts';
import {
  COMPANY_CODE,
  CURRENT,
  EQUIPMENT_CATEGORIES,
  FIRST_NUMBER,
  LOCATION_CATEGORIES,
  LOCATION_STRUCTURES,
  PLANT,
} from './customizing.ts';
import { changedNow, patchRow, textOf, todayOf, type Draft, type Rules } from './draft.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

function common(draft: Draft): void {
  checkPlant(draft, 'MaintenancePlant');
  checkPlant(draft, 'MaintenancePlanningPlant');
  checkWorkCenter(draft, 'MainWorkCenter', 'MainWorkCenterPlant');
  if (!['', 'A', 'B', 'C'].includes(textOf(draft, 'ABCIndicator'))) {
    throw refuse('IE/208', `ABC indicator ${textOf(draft, 'ABCIndicator')} is not defined`, 'ABCIndicator');
  }
}

function stampChange(call: Call, draft: Draft): void {
  Object.assign(draft, changedNow(call));
  draft['LastChangedByUser'] = call.user;
}

/** The label is what people see; here it equals the key (contract 2.5). */
function locationOfLabel(call: Call, label: string): Row | undefined {
  return call.world.db.where('FunctionalLocation', ['FunctionalLocationLabelName'], [label])[0];
}

/** Where a piece of equipment stands, and what it says about itself for it. */
export function deriveEquipment(call: Call, draft: Draft): void {
  const place = call.world.db.get('FunctionalLocation', textOf(draft, 'FunctionalLocation'));
  draft['FunctionalLocationName'] = place === undefined ? '' : textOf(place.values, 'FunctionalLocationName');
  draft['FunctionalLocationLabelName'] =
    place === undefined ? '' : textOf(place.values, 'FunctionalLocationLabelName');
  const below = textOf(draft, 'SuperordinateEquipment') !== '';
  draft['EquipmentIsInstalled'] = place !== undefined || below;
  draft['EquipIsAllocToSuperiorEquip'] = below;
  draft['EquipmentIsAvailable'] = place === undefined && !below && draft['EquipmentIsInactive'] !== true;
}

/** `X` on parents that have something below them. */
export function markParents(call: Call): void {
  const { db } = call.world;
  const parents = new Set(db.rows('Equipment').map((row) => textOf(row.values, 'SuperordinateEquipment')));
  for (const row of [...db.rows('Equipment')]) {
    const flag = parents.has(textOf(row.values, 'Equipment')) ? 'X' : '';
    if (textOf(row.values, 'EquipHasSubOrdinateEquipment') !== flag) {
      patchRow(call, 'Equipment', row, { EquipHasSubOrdinateEquipment: flag });
    }
  }
  const places = new Set(
    db.rows('FunctionalLocation').map((row) => textOf(row.values, 'SuperiorFunctionalLocation')),
  );
  const used = new Set(db.rows('Equipment').map((row) => textOf(row.values, 'FunctionalLocation')));
  for (const row of [...db.rows('FunctionalLocation')]) {
    const key = textOf(row.values, 'FunctionalLocation');
    const flags = {
      FuncnlLocHasSubOrdinateFuncLoc: places.has(key) ? 'X' : '',
      FunctionalLocationHasEquipment: used.has(key) ? 'X' : '',
    };
    if (Object.entries(flags).some(([name, flag]) => textOf(row.values, name) !== flag)) {
      patchRow(call, 'FunctionalLocation', row, flags);
    }
  }
}

const equipmentRules: Rules = {
  create(call, draft) {
    const { db } = call.world;
    checkOneOf(draft, 'EquipmentCategory', EQUIPMENT_CATEGORIES, 'IE/004', 'Equipment category');
    common(draft);
    const given = textOf(draft, 'Equipment').toUpperCase();
    if (given !== '' && db.where('Equipment', ['Equipment'], [given]).length > 0) {
      throw refuse('IE/032', `Equipment ${given} already exists`, 'Equipment');
    }
    const number = given === '' ? String(db.next('Equipment', FIRST_NUMBER['Equipment'] ?? 1)) : given;
    checkEquipment(call, draft, 'SuperordinateEquipment');
    const label = textOf(draft, 'FunctionalLocationLabelName');
    const place = label === '' ? undefined : locationOfLabel(call, label);
    if (label !== '' && place === undefined)
      throw refuse('IL/003', `Functional location ${label} does not exist`, 'FunctionalLocationLabelName');
    Object.assign(draft, {
      Equipment: number,
      ValidityEndDate: CURRENT,
      ValidityStartDate: draft['ValidityStartDate'] ?? todayOf(call),
      EquipmentValidityEndDateTime: CURRENT,
      FunctionalLocation: place === undefined ? '' : textOf(place.values, 'FunctionalLocation'),
      MaintenancePlant: textOf(draft, 'MaintenancePlant') || PLANT,
      MaintenancePlanningPlant: textOf(draft, 'MaintenancePlanningPlant') || PLANT,
      CompanyCode: textOf(draft, 'CompanyCode') || COMPANY_CODE,
      CreationDate: todayOf(call),
      CreatedByUser: call.user,
      MaintObjectInternalID: `IE${/^\d+$/.test(number) ? number.padStart(18, '0') : number}`,
      NextEquipUsagePeriodSqncNmbr: '999',
      EquipUsagePeriodSequenceNumber: '1',
    });
    deriveEquipment(call, draft);
  },
  created(call) {
    markParents(call);
  },
  update(call, before, draft, changed) {
    common(draft);
    if (before.values['ValidityEndDate'] !== CURRENT)
      throw refuse('IE/311', 'A past usage period cannot be changed');
    if (changed.has('FunctionalLocationLabelName')) {
      const label = textOf(draft, 'FunctionalLocationLabelName');
      const place = label === '' ? undefined : locationOfLabel(call, label);
      if (label !== '' && place === undefined)
        throw refuse('IL/003', `Functional location ${label} does not exist`, 'FunctionalLocationLabelName');
      draft['FunctionalLocation'] = place === undefined ? '' : textOf(place.values, 'FunctionalLocation');
    }
    if (changed.has('SuperordinateEquipment')) {
      checkEquipment(call, draft, 'SuperordinateEquipment');
      checkCircle(call, textOf(draft, 'Equipment'), textOf(draft, 'SuperordinateEquipment'));
    }
    deriveEquipment(call, draft);
    stampChange(call, draft);
  },
  belowChanged(call) {
    markParents(call);
  },
};

/** Nothing can be installed below itself. */
export function checkCircle(call: Call, own: string, parent: string): void {
  let at = parent;
  for (let depth = 0; at !== '' && depth < 50; depth += 1) {
    if (at === own) throw refuse('IE/316', `Equipment ${own} cannot be installed in itself`);
    const [row] = call.world.db.where('Equipment', ['Equipment'], [at]);
    at = row === undefined ? '' : textOf(row.values, 'SuperordinateEquipment');
  }
}

const locationRules: Rules = {
  create(call, draft) {
    const { db } = call.world;
    const key = textOf(draft, 'FunctionalLocation').toUpperCase();
    if (key === '') throw refuse('IL/002', 'Enter a functional location', 'FunctionalLocation');
    if (db.get('FunctionalLocation', key) !== undefined)
      throw refuse('IL/001', `Functional location ${key} already exists`, 'FunctionalLocation');
    checkOneOf(
      draft,
      'FunctionalLocationCategory',
      LOCATION_CATEGORIES,
      'IL/005',
      'Functional location category',
    );
    checkOneOf(draft, 'FuncLocationStructure', LOCATION_STRUCTURES, 'IL/006', 'Structure indicator');
    common(draft);
    checkLocation(call, draft, 'SuperiorFunctionalLocation');
    Object.assign(draft, {
      FunctionalLocation: key,
      FunctionalLocationLabelName: key,
      MaintenancePlant: textOf(draft, 'MaintenancePlant') || PLANT,
      MaintenancePlanningPlant: textOf(draft, 'MaintenancePlanningPlant') || PLANT,
      CompanyCode: textOf(draft, 'CompanyCode') || COMPANY_CODE,
      EquipmentInstallationIsAllowed: draft['EquipmentInstallationIsAllowed'] ?? true,
      FunctionalLocationIsActive: true,
      FunctionalLocationIsCreated: true,
      CreationDate: todayOf(call),
      CreatedByUser: call.user,
      // SAP finds the place above by the label when none is given.
      SuperiorFunctionalLocation: textOf(draft, 'SuperiorFunctionalLocation') || parentByLabel(call, key),
    });
    labelParent(call, draft);
  },
  created(call) {
    markParents(call);
  },
  update(call, _before, draft, changed) {
    common(draft);
    if (changed.has('SuperiorFunctionalLocation')) {
      checkLocation(call, draft, 'SuperiorFunctionalLocation');
      if (isWithin(call, textOf(draft, 'SuperiorFunctionalLocation'), textOf(draft, 'FunctionalLocation'))) {
        throw refuse(
          'IL/041',
          'A functional location cannot be superior to itself',
          'SuperiorFunctionalLocation',
        );
      }
    }
    labelParent(call, draft);
    stampChange(call, draft);
  },
  belowChanged(call) {
    markParents(call);
  },
};

function labelParent(call: Call, draft: Draft): void {
  const parent = call.world.db.get('FunctionalLocation', textOf(draft, 'SuperiorFunctionalLocation'));
  draft['SuperiorFuncnlLocLabelName'] =
    parent === undefined ? '' : textOf(parent.values, 'FunctionalLocationLabelName');
}

function parentByLabel(call: Call, key: string): string {
  for (let end = key.lastIndexOf('-'); end > 0; end = key.lastIndexOf('-', end - 1)) {
    if (call.world.db.get('FunctionalLocation', key.slice(0, end)) !== undefined) return key.slice(0, end);
  }
  return '';
}

function isWithin(call: Call, place: string, top: string): boolean {
  let at = place;
  for (let depth = 0; at !== '' && depth < 50; depth += 1) {
    if (at === top) return true;
    const row = call.world.db.get('FunctionalLocation', at);
    at = row === undefined ? '' : textOf(row.values, 'SuperiorFunctionalLocation');
  }
  return false;
}

/** A text of a master record is one of the logon language. */
function textRules(owner: string): Rules {
  return {
    create(_call, draft) {
      draft['Language'] = 'EN';
      draft['TextObjectKey'] = textOf(draft, owner);
    },
  };
}

export const ASSET_RULES: Readonly<Record<string, Rules>> = {
  Equipment: equipmentRules,
  FunctionalLocation: locationRules,
  EquipmentLongText: textRules('Equipment'),
  FunctionalLocationLongText: textRules('FunctionalLocation'),
};
