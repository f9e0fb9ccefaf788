/** Maintenance plans and items (contract 2.6): the fields as the contract lists them. Data only. */
import type { SetSpec } from './schema.ts';

export const PLAN_SETS: Readonly<Record<string, SetSpec>> = {
  MaintenancePlan: {
    stamped: true,
    may: 'CU',
    key: 'MaintenancePlan s12',
    write: `
      MaintenancePlanDesc s40!, SchedulingDuration s3, SchedulingDurationUnit s3, CycleModificationRatio
      n3.2, MaintPlanSchedgIndicator s1, CallHorizonPercent s3, CallHorizonInDays s3,
      MaintenanceCallHorizonCalcType s1, AuthorizationGroup s4, MaintPlanFreeDefinedAttrib s20,
      BasicStartDate d, SchedulingStartDate d, SchedulingStartTime t, MaintPlanStartCntrReadingValue s22,
      MaintPlnStrtBufDurationInDays s3, MaintPlanStartBufferUnit s3, FactoryCalendar s2,
      LateCompletionShiftInPercent s3, LateCompletionTolerancePercent s3, EarlyCompletionShiftInPercent
      s3, EarlyCompletionTolerancePct s3, PrdcssrCallObjCompltnIsRqd s1, MaintPlanLogicalOperatorCode s1,
      SchedulingEndDate d, MaintPlanEndCntrReadingValue s22, LastChangeDateTime dto,
      MultipleCounterPlanShiftFactor s1, MaintenanceLeadFloatInDays s3, MaintenancePlanCallObject s1`,
    create: `
      MaintenanceStrategy s6, MaintenancePlanCategory s2!`,
    read: `
      CreationDate d, CreatedByUser s12, LastChangeDate d, LastChangedByUser s12, NumberOfMaintenanceItems
      s4, MaintenancePlanInternalID s22, MaintenanceCall i32, MaintenancePlanSystemStatus s30`,
    nav: `
      to_Item MaintenanceItem *, to_LongText MaintenancePlanText *, to_MaintenanceCycle
      MaintenancePlanCycle *, to_Schedules MaintenancePlanSchedule *, to_StrategyCycle
      MaintenancePlanStrategyCycle *`,
  },
  MaintenancePlanCycle: {
    free: true,
    may: 'NU',
    key: 'MaintenancePlan s12, MaintenancePlanCycle s2',
    write: `
      MaintenanceStrategy s6, CycleSetSequence s2, MaintPlanCycRcrrcIntervalQty dbl,
      MaintPlanCycRcrrcIntervalUnit s3, MaintPlanCycleDesc s30, MeasuringPoint s12,
      MaintPlanCycleStartOffsetValue dbl, MaintCycleNextPlndCntrRdng dbl, MaintenancePlanCycleIsInactive
      b, CycleSetSequenceRepeatFactor s2`,
    nav: `
      to_MaintenancePlan MaintenancePlan 1`,
  },
  MaintenancePlanStrategyCycle: {
    free: true,
    may: '',
    key: 'MaintenancePlan s12, MaintenancePlanCycle s2',
    read: `
      MaintenanceStrategy s6, MaintPlanCycRcrrcIntervalQty dbl, MaintPlanCycRcrrcIntervalUnit s3,
      MaintPlanCycleDesc s30, MaintPlanCycleStartOffsetValue dbl`,
  },
  MaintenancePlanSchedule: {
    free: true,
    may: '',
    key: 'MaintenancePlan s12, MaintenancePlanCallNumber i32, MaintenancePackage s2',
    read: `
      SchedulingType s1, SchedulingStatus s1, MeasuringPoint s12, MaintenanceTaskPerformanceUnit s3,
      MaintenanceCallNextPlannedDate d, MaintenanceCallDate d, CompletionDate d, CompletionTime t,
      CycleSetSequence s2, MaintCallCompltnCntrRdng dbl, MaintenanceCallIsOutstanding b,
      MaintCallIsInvokedOnPlndDate b, MaintCallHorizonIsNotReached b, MaintPlanLastScheduledDate d,
      ReleasedByUserName s12, MaintPlnCnctntdDuePackagesTxt s256`,
    nav: `
      to_MaintenancePlanCallObjects MaintenancePlanCallObject *`,
  },
  MaintenancePlanCallObject: {
    free: true,
    may: '',
    key: 'MaintenancePlan s12, MaintenancePlanCallNumber i32, MaintenanceItem s16',
    read: `
      MaintenanceOrder s12, MaintenanceNotification s12, ServiceOrder s10, MaintCallHorizonIsNotReached b,
      SchedulingStatus s1, PlannedStartDate d, ReleasedByUserName s1`,
  },
  MaintenancePlanText: {
    free: true,
    may: 'NU',
    key: 'MaintenancePlan s12, Language s2',
    write: `
      MaintenancePlanLongText s`,
    nav: `
      to_MaintenancePlan MaintenancePlan 1`,
  },
  MaintenanceItem: {
    stamped: true,
    may: 'CNU',
    key: 'MaintenanceItem s16',
    write: `
      MaintenanceItemDescription s40!, MaintenanceStrategy s6, MaintenancePlan s12,
      MaintenancePlanItemPosition s4, FunctionalLocationLabelName s40, Equipment s18, Assembly s18,
      TaskListType s1, TaskListGroup s8, TaskListGroupCounter s2, OperationSystemCondition s1,
      NumberOfTaskListExecutions n3.0, MaintenancePlanningPlant s4, MaintenancePlannerGroup s3,
      MaintenanceOrderType s4, NotificationType s2, MaintenanceActivityType s3, MainWorkCenter s8,
      MainWorkCenterPlant s4, MaintPriority s1, BusinessArea s4, ImmediateReleaseIsBlocked b, Material
      s18, SerialNumber s18, ServiceDocumentType s4, ServiceContract s10, ServiceContractItem s6,
      ServiceOrderTemplate s10, ServiceDocumentPriority s1, Product s18, MaintenancePlant s4,
      AssetLocation s10, AssetRoom s8, PlantSection s3, WorkCenter s8, ABCIndicator s1,
      MaintObjectFreeDefinedAttrib s30, CompanyCode s4, MasterFixedAsset s12, FixedAsset s4,
      LocAcctAssgmtBusinessArea s4, CostCenter s10, WBSElement s24, SettlementOrder s12, CycleSetSequence
      s2, StandingOrderNumber s12`,
    create: `
      MaintenancePlanCategory s2!`,
    read: `
      MaintenancePlanCallObject s1, MaintenanceItemObjectList i64, AdditionalDeviceData s40,
      MaintNotifTskIsAutomlyDtmnd s1, MaintPriorityType s2, ControllingArea s4, CreatedByUser s12,
      CreationDate d, LastChangeDate d, LastChangedByUser s12, LastChangeDateTime dto`,
    nav: `
      to_LongText MaintenanceItemText *, to_MaintItemObjectListItem MaintItemObjectListItem *,
      to_MaintPlanCallObjects MaintenancePlanCallObject *`,
  },
  MaintItemObjectListItem: {
    free: true,
    may: 'NUD',
    key: 'MaintenanceItem s16, MaintenanceItemObjectList i64, MaintenanceObjectListItem i32',
    write: `
      MaintObjectListItemSequence s20, Equipment s18, FunctionalLocationLabelName s40, Assembly s18,
      Material s18, SerialNumber s18, UniqueItemIdentifier s72, ServiceReferenceProduct s18,
      MaintObjListEntryIsProcessed b`,
    read: `
      CreationDate d`,
    nav: `
      to_MaintenanceItemTP MaintenanceItem 1`,
  },
  MaintenanceItemText: {
    free: true,
    may: 'NU',
    key: 'MaintenanceItem s16, Language s2',
    write: `
      MaintenanceItemLongText s!`,
    nav: `
      to_MaintenanceItem MaintenanceItem 1`,
  },
};
