/** Bound actions of measuring points and documents, OData V4 (contract 2.7). */
import { refuse } from './checks.ts';
import { patchRow, textOf, todayOf } from './draft.ts';
import type { FunctionImport } from './function-import.ts';
import type { Values } from './schema.ts';

function set(
  table: string,
  values: (args: Readonly<Record<string, unknown>>) => Values,
  parameters = '',
): FunctionImport {
  return {
    parameters,
    set: table,
    returns: 'entity',
    run: (call, row, args) => {
      const day = table === 'MeasuringPoint' ? { LastChangeDate: todayOf(call) } : {};
      return patchRow(call, table, row, { ...values(args), ...day });
    },
  };
}

function reversal(to: boolean): FunctionImport {
  return {
    parameters: '',
    set: 'MeasurementDocument',
    returns: 'entity',
    run: (call, row) => {
      if ((row.values['MsmtRdngIsReversed'] ?? false) === to) {
        throw refuse(
          'IR/131',
          `Document ${textOf(row.values, 'MeasurementDocument')} is ${to ? 'already' : 'not'} reversed`,
        );
      }
      return patchRow(call, 'MeasurementDocument', row, { MsmtRdngIsReversed: to });
    },
  };
}

export const MEASURING_ACTIONS: Readonly<Record<string, FunctionImport>> = {
  'MeasuringPoint.ActivateMeasuringPoint': set('MeasuringPoint', () => ({ MeasuringPointIsInactive: false })),
  'MeasuringPoint.DeactivateMeasuringPoint': set('MeasuringPoint', () => ({
    MeasuringPointIsInactive: true,
  })),
  'MeasuringPoint.ChangeMeasuringPointCategory': set(
    'MeasuringPoint',
    (args) => ({ MeasuringPointCategory: String(args['MeasuringPointCategory']) }),
    'MeasuringPointCategory s1!',
  ),
  'MeasurementDocument.ActivateReversalIndicator': reversal(true),
  'MeasurementDocument.DeactivateReversalIndicator': reversal(false),
};
