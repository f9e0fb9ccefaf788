/** Measuring points and documents, OData V4 (contract 2.7): the fields as the contract lists them. Data only. */
import type { SetSpec } from './schema.ts';

export const MEASURING_SETS: Readonly<Record<string, SetSpec>> = {
  MeasuringPoint: {
    may: 'CU',
    key: 'MeasuringPoint s12-',
    write: `
      MeasuringPointDescription s40, MeasuringPointPositionNumber s20, MeasuringPointCategory s1!,
      MeasuringPointIsCounter b, MsrgPtInternalCharacteristic s10, MeasuringPointDecimalPlaces i16,
      MeasuringPointExponent i16, MeasuringPointCodeGroup s8, ValuationCodeIsSufficient b, Assembly s40,
      MeasuringPointIsInactive b, MeasuringPointShortText s40, MeasurementRangeUnit s3,
      MeasuringPointTargetValue dbl, MeasuringPointMaximumThreshold dbl, MeasuringPointMinimumThreshold
      dbl, MeasuringPointAnnualEstimate dbl, CounterOverflowRdngThreshold dbl, MsrgPtIsCountingBackwards
      b, MeasurementTransferIsSupported b, FunctionalLocation s30, Equipment s18, MsmtRdngTransferMode s1`,
    read: `
      MeasuringPointObjectIdentifier s22, TechnicalObjectType s10, CharcValueUnit s3,
      MsmtRdngSourceMeasuringPoint s12`,
    nav: `
      _LongText MeasuringPointLongText 1`,
  },
  MeasuringPointLongText: {
    may: 'NU',
    key: 'MeasuringPoint s12-',
    write: `
      MeasuringPointLongText s!`,
    nav: `
      _MeasuringPoint MeasuringPoint 1`,
  },
  MeasurementDocument: {
    may: 'CU',
    key: 'MeasurementDocument s20',
    write: `
      MeasuringPoint s12!, MeasuringPointPositionNumber s20, MsmtRdngDate date?, MsmtRdngTime time,
      Characteristic s30, MsmtDocumentReferredOrder s22, RefdMaintOrderOpStatusObject s22,
      MaintenanceOrderOperation s4, MaintenanceOrderSubOperation s4, MsmtIsDoneAfterTaskCompltn b,
      CharcValueUnit s3, MeasurementReading dbl, MeasurementReadingInEntryUoM dbl,
      MeasurementReadingEntryUoM s3, MeasurementCounterReading dbl, MsmtCounterReadingDifference dbl,
      TotalMsmtRdngIsSetExternally b, MeasuringPointTargetValue dbl, MsmtValuationCode s4,
      MeasurementDocumentText s40, MeasurementDocumentHasLongText b, MsmtRdngByUser s12, MsmtRdngStatus
      s1, MsmtCntrReadingDiffIsEntered b, MsmtRdngIsReversed b, MsmtCounterReadingIsReplaced b`,
    nav: `
      _FailedMeasurementReading FailedMeasurementReading 1, _MeasurementDocumentLongText
      MsmtDocumentLongText 1`,
  },
  MsmtDocumentLongText: {
    may: 'NU',
    key: 'MeasurementDocument s20-',
    write: `
      MeasurementDocumentLongText s!`,
    nav: `
      _MeasurementDocument MeasurementDocument 1`,
  },
  FailedMeasurementReading: {
    may: '',
    key: 'MsmtRdngSourceMeasurementDoc s20-',
    write: `
      MsmtRdngTransfFailedMsgNumber s3`,
    create: `
      MsmtRdngDate date!, MsmtRdngTime time!, MeasuringPoint s12!`,
    nav: `
      _MeasurementDocument MeasurementDocument 1`,
  },
};
