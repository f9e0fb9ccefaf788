/** Installing, dismantling, switching off and marking equipment and functional locations (contract 2.4, 2.5). */
import { checkEquipment, checkLocation, refuse } from './checks.ts';
import { CURRENT } from './customizing.ts';
import { changedNow, patchRow, textOf, todayOf, type Draft } from './draft.ts';
import type { Arguments, FunctionImport } from './function-import.ts';
import { checkCircle, deriveEquipment, markParents } from './rules-asset.ts';
import type { Values } from './schema.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

const PLACE =
  'SuperordinateEquipment s18, EquipInstallationPositionNmbr s6, FunctionalLocation s40, EquipmentInstallationDate d, EquipmentInstallationTime t';

function stamped(call: Call, values: Values): Draft {
  return { ...values, ...changedNow(call), LastChangedByUser: call.user };
}

/** The present usage period ends the day before and stays as a row of history; a new one begins. */
function newPeriod(call: Call, row: Row, place: Draft, day: number): Row {
  const begun = Number(row.values['ValidityStartDate'] ?? 0);
  if (day > begun) {
    call.world.db.put('Equipment', { ...row.values, ValidityEndDate: day - 86_400_000 });
  }
  const period = Number(row.values['EquipUsagePeriodSequenceNumber'] ?? 1) + 1;
  const draft = stamped(call, {
    ...row.values,
    ...place,
    ValidityStartDate: day,
    EquipUsagePeriodSequenceNumber: String(period),
  });
  deriveEquipment(call, draft);
  const next = patchRow(call, 'Equipment', row, draft);
  markParents(call);
  return next;
}

function checkCurrent(row: Row): void {
  if (row.values['ValidityEndDate'] !== CURRENT)
    throw refuse('IE/311', 'A past usage period cannot be changed');
}

function dayOfCall(call: Call, args: Arguments): number {
  const date = args['EquipmentInstallationDate'];
  return typeof date === 'number' ? date : todayOf(call);
}

function install(call: Call, row: Row, args: Arguments): Row {
  checkCurrent(row);
  const place: Draft = {
    FunctionalLocation: String(args['FunctionalLocation'] ?? ''),
    SuperordinateEquipment: String(args['SuperordinateEquipment'] ?? ''),
    EquipInstallationPositionNmbr: String(args['EquipInstallationPositionNmbr'] ?? ''),
  };
  if (place['FunctionalLocation'] === '' && place['SuperordinateEquipment'] === '') {
    throw refuse('IE/350', 'Enter a functional location or a superordinate equipment');
  }
  if (row.values['EquipmentIsInstalled'] === true) {
    throw refuse(
      'IE/351',
      `Equipment ${textOf(row.values, 'Equipment')} is already installed; dismantle it first`,
    );
  }
  checkEquipment(call, place, 'SuperordinateEquipment');
  checkLocation(call, place, 'FunctionalLocation');
  checkCircle(call, textOf(row.values, 'Equipment'), textOf(place, 'SuperordinateEquipment'));
  return newPeriod(call, row, place, dayOfCall(call, args));
}

function dismantle(call: Call, row: Row, args: Arguments): Row {
  checkCurrent(row);
  if (row.values['EquipmentIsInstalled'] !== true) {
    throw refuse('IE/352', `Equipment ${textOf(row.values, 'Equipment')} is not installed`);
  }
  const place: Draft = {
    FunctionalLocation: '',
    SuperordinateEquipment: '',
    EquipInstallationPositionNmbr: '',
  };
  return newPeriod(call, row, place, dayOfCall(call, args));
}

function equipment(run: FunctionImport['run'], returns: 'entity' | 'dummy', parameters = ''): FunctionImport {
  return { parameters: `Equipment s18!, ValidityEndDate d!${parameters}`, set: 'Equipment', returns, run };
}

function flag(
  set: string,
  values: Values,
  against: readonly [field: string, value: boolean, text: string],
): FunctionImport['run'] {
  return (call, row) => {
    const [field, value, text] = against;
    if ((row.values[field] ?? false) === value)
      throw refuse('BS/013', `${text} (${row.id.split('\u0001')[0] ?? ''})`);
    const draft = stamped(call, { ...row.values, ...values });
    if (set === 'Equipment') deriveEquipment(call, draft);
    return patchRow(call, set, row, draft);
  };
}

const equipmentFlag = (name: string, value: boolean): FunctionImport =>
  equipment(
    flag('Equipment', { [name]: value }, [
      name,
      value,
      value ? 'The status is already active' : 'The status is not active',
    ]),
    'dummy',
  );

function place(run: FunctionImport['run'], returns: 'entity' | 'dummy', parameters = ''): FunctionImport {
  return { parameters: `FunctionalLocation s30!${parameters}`, set: 'FunctionalLocation', returns, run };
}

const placeFlag = (name: string, value: boolean, more: Values = {}): FunctionImport =>
  place(
    flag('FunctionalLocation', { [name]: value, ...more }, [
      name,
      value,
      value ? 'The status is already active' : 'The status is not active',
    ]),
    'dummy',
  );

function move(call: Call, row: Row, superior: string): Row {
  const draft = stamped(call, { ...row.values, SuperiorFunctionalLocation: superior });
  checkLocation(call, draft, 'SuperiorFunctionalLocation');
  if (superior === textOf(row.values, 'FunctionalLocation'))
    throw refuse('IL/041', 'A functional location cannot be superior to itself');
  draft['SuperiorFuncnlLocLabelName'] = superior;
  const next = patchRow(call, 'FunctionalLocation', row, draft);
  markParents(call);
  return next;
}

export const ASSET_FUNCTIONS = {
  equipment: {
    InstallEquipment: equipment(install, 'entity', `, ${PLACE}`),
    DismantleEquipment: equipment(dismantle, 'entity', `, ${PLACE}`),
    InstallEquipWithDataTransfer: equipment(install, 'entity', `, ${PLACE}`),
    DismantleEquipWithDataTransfer: equipment(dismantle, 'entity', `, ${PLACE}`),
    SetEquipmentToInactive: equipmentFlag('EquipmentIsInactive', true),
    ResetEquipmentFromInactive: equipmentFlag('EquipmentIsInactive', false),
    SetEquipToMarkedForDeletion: equipmentFlag('EquipmentIsMarkedForDeletion', true),
    RsetEquipFromMarkedForDeletion: equipmentFlag('EquipmentIsMarkedForDeletion', false),
  } satisfies Record<string, FunctionImport>,
  location: {
    InstallFunctionalLocation: place(
      (call, row, args) => move(call, row, String(args['SuperiorFunctionalLocation'])),
      'entity',
      ', SuperiorFunctionalLocation s40!, FuncLocInstallationPosNmbr s4, FuncLocInstallationDate d, FuncLocInstallationTime t',
    ),
    DismantleFunctionalLocation: place(
      (call, row) => move(call, row, ''),
      'entity',
      ', FuncLocInstallationDate d, FuncLocInstallationTime t',
    ),
    SetFuncnlLocationToInactive: placeFlag('FuncnlLocIsDeactivated', true, {
      FunctionalLocationIsActive: false,
    }),
    RsetFuncnlLocationFromInactive: placeFlag('FuncnlLocIsDeactivated', false, {
      FunctionalLocationIsActive: true,
    }),
    SetFuncLocToMarkedForDeletion: placeFlag('FuncnlLocIsMarkedForDeletion', true),
    RsetFuncLocFromMrkdForDeletion: placeFlag('FuncnlLocIsMarkedForDeletion', false),
  } satisfies Record<string, FunctionImport>,
};
