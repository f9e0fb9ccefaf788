/**
 * The columns of each class as the contract lists them (sections 3 and 4.2), in short form: `name`, then `>Class` for a
 * reference, `!` when needed on add, `-` when only the server writes it, `^` when the record goes with the one it refers to.
 * Classes of which only the name is known have no columns but id and intUpdated.
 */

const NOTIFY =
  'bolNotifyOnAssignment bolNotifyOnCompletion bolNotifyOnStatusChange bolNotifyOnTaskCompleted bolNotifyOnOnlineOffline';
const ADDRESS = 'strAddress strCity strProvince strPostalCode intCountryID>Country';
const TASK =
  'intTaskType intOrder strDescription dblTimeEstimatedHours intAssetID>Asset intAssignedToUserID>User intMeterReadingUnitID>MeterReadingUnit';

const WORK = {
  WorkOrder: `strCode- strDescription intSiteID>Asset! intWorkOrderStatusID>WorkOrderStatus! intWorkOrderStatusGroup-
    intPriorityID>Priority intMaintenanceTypeID>MaintenanceType dtmDateCreated- dtmDateLastModified-
    intLastModifiedByUserID>User- dtmSuggestedStartDate dtmSuggestedCompletionDate dtmDateCompleted
    intCompletedByUserID>User strCompletionNotes intRequestedByUserID>User strNameUserGuest strEmailUserGuest
    strPhoneUserGuest strAdminNotes strAssetIds- strAssets- strAssignedUserIds- strAssignedUsers- strCompletedByUserIds-
    strCompletedByUsers- strCustomerIds- strVendorIds- intScheduledMaintenanceID>ScheduledMaintenance-
    intOriginWorkOrderTaskID>WorkOrderTask intProjectID>Project intAccountID>Account
    intChargeDepartmentID>ChargeDepartment intRCAProblemID>RCAProblem intRCACauseID>RCACause intRCAActionID>RCAAction
    bolRequiresSignature dtmDateSigned intSignedByUserID>User bolLocked- strUuid- statusId-`,
  WorkOrderAsset: 'intWorkOrderID>WorkOrder^! intAssetID>Asset^!',
  WorkOrderUser: `intWorkOrderID>WorkOrder^! intUserID>User^! ${NOTIFY}`,
  WorkOrderPart: `intWorkOrderID>WorkOrder^! intAssetID>Asset intPartID>Asset intStockID>Stock qtySuggestedQuantity
    qtyActualQuantityUsed`,
  WorkOrderBusiness:
    'intWorkOrderID>WorkOrder^! intBusinessID>Business intBusinessGroupID>BusinessGroup intAssetID>Asset',
  WorkOrderTask: `intWorkOrderID>WorkOrder^! ${TASK} dblTimeSpentHours dtmStartDate dtmDateCompleted
    intCompletedByUserID>User strResult strTaskNotesCompletion intParentWorkOrderTaskID>WorkOrderTask
    intTaskGroupControlID`,
  WorkOrderTaskFile: 'intWorkOrderTaskID>WorkOrderTask^ intFileID>File^',
  WorkOrderStatus: 'strName intControlID! intSysCode- strDefaultLabel strUniqueKey-',
  WorkOrderStatusTransition: `intWorkOrderID>WorkOrder^- intFromWorkOrderStatusID>WorkOrderStatus-
    intToWorkOrderStatusID>WorkOrderStatus- intUserID>User- dtmDate-`,
  Priority: 'strName intOrder intSysCode-',
  MaintenanceType: 'strName strColor intSysCode-',
  MiscCost: `intWorkOrderID>WorkOrder^ intMiscCostTypeID>MiscCostType strDescription qtyQuantity dblActualUnitCost
    dblActualTotalCost qtyEstQuantity dblEstimatedUnitCost dblEstimatedTotalCost`,
  MiscCostType: 'strName',
  TaskGroup: 'strName',
  RCAProblem: 'strName',
  RCACause: 'strName',
  RCAAction: 'strName',
  RCAGrouping: '',
  RCAGroupingAction: '',
  RCAGroupingCause: '',
} as const;

const PLANS = {
  ScheduledMaintenance: `strCode strDescription strCompletionNotes intSiteID>Asset intPriorityID>Priority
    intMaintenanceTypeID>MaintenanceType intScheduledMaintenanceStatusID intStartAsWorkOrderStatusID>WorkOrderStatus
    intSuggestedCompletion intProjectID>Project intAccountID>Account intChargeDepartmentID>ChargeDepartment
    intRequestorUserID>User dblSuggestedTime bolCanFireSMWithOpenWO bolWORequiresSignature strAssignedUserIds-
    dtmCreateDate- dtmUpdatedDate-`,
  ScheduledMaintenanceAsset: 'intScheduledMaintenanceID>ScheduledMaintenance^! intAssetID>Asset^!',
  ScheduledMaintenanceUser: `intScheduledMaintenanceID>ScheduledMaintenance^! intUserID>User^! ${NOTIFY}`,
  ScheduledMaintenancePart: `intScheduledMaintenanceID>ScheduledMaintenance^! intPartID>Asset intAssetID>Asset
    intStockID>Stock qtySuggestedQuantity`,
  ScheduledMaintenanceNesting: 'intScheduledMaintenanceID>ScheduledMaintenance^',
  ScheduledTask: `intScheduledMaintenanceID>ScheduledMaintenance^! ${TASK} intParentScheduledTaskID>ScheduledTask
    intScheduledMaintenanceNestingID>ScheduledMaintenanceNesting`,
  CalendarEvent:
    'intScheduledMaintenanceID>ScheduledMaintenance^- intScheduleTriggerID>ScheduleTrigger^- dtmDate-',
  ScheduleTrigger: `intScheduledMaintenanceID>ScheduledMaintenance^! intAssetID>Asset strType strTSType
    intTSHEveryHours intTSDEveryDays intTSWEveryWeeks intTSMEveryMonths intTSYEveryYears bolTSWMonday bolTSWTuesday
    bolTSWWednesday bolTSWThursday bolTSWFriday bolTSWSaturday bolTSWSunday intTSMDayOfMonth intTSYDayOfMonth
    intTSYMonthOfYear intTRTriggerTime datTRStart datTREndBy intTREndAfter strRRType strDatLogicHourly strDatLogicDaily
    strDatLogicMonthly strDatLogicYearly strRType dblRMeterReading intRMeterReadingUnitID>MeterReadingUnit strROType
    dblROMeterReading intROMeterReadingUnitID>MeterReadingUnit dblRRStart dblRREndBy strTRType intRREndAfter strMrLogic
    bolMrByWOClosed dblLastMeterReading- dtmLastTriggered- intAssetEventTypeID>AssetEventType
    bolCreateWorkOrderOnStartDate strScheduleDescription`,
  MeterReading: `intAssetID>Asset^! intMeterReadingUnitsID>MeterReadingUnit! dblMeterReading! dtmDateSubmitted!
    intSubmittedByUserID>User intWorkOrderID>WorkOrder`,
  MeterReadingUnit: 'strName strSymbol intPrecision',
} as const;

const ASSETS = {
  Asset: `strUuid- dtmCreated- strName! strCode strDescription strNotes intCategoryID>AssetCategory! intKind-
    intSuperCategorySysCode- intSiteID>Asset bolIsSite- bolIsRegion- intAssetLocationID>Asset intAssetParentID>Asset
    bolIsOnline strMake strModel strSerialNumber strBarcode strInventoryCode strUnspcCode strCriticality ${ADDRESS}
    dblLatitude dblLongitude strTimezone strAisle strRow strBinNumber strStockLocation qtyStockCount- qtyMinStockCount-
    dblLastPrice dblWeightedPrice bolIsBillToFacility bolIsShippingOrReceivingFacility strShippingTerms strQuotingTerms
    intAccountID>Account intChargeDepartmentID>ChargeDepartment strVendorIds- strCustomerIds- strMASourceProduct`,
  AssetCategory: 'strName intParentID>AssetCategory intSysCode- bolOverrideRules',
  AssetOfflineTracker: `intAssetID>Asset^! dtmOfflineFrom! dtmOffLineTo intReasonOfflineID>ReasonToSetAssetOffline
    intReasonOnlineID>ReasonToSetAssetOnline intWorkOrderID>WorkOrder dblProductionHoursAffected
    strOfflineAdditionalInfo strOnlineAdditionalInfo intSetOfflineByUserID>User intSetOnlineByUserID>User`,
  ReasonToSetAssetOffline: 'strName',
  ReasonToSetAssetOnline: 'strName',
  AssetEvent: `intAssetID>Asset^! intAssetEventTypeID>AssetEventType! dtmDateSubmitted! strAdditionalDescription
    intWorkOrderID>WorkOrder intSubmittedByUserID>User`,
  AssetEventType: 'strEventName strEventCode strEventDescription',
  AssetBusiness: `intAssetID>Asset^ intBusinessID>Business^ intBusinessRoleTypeID bolPreferredVendor
    strBusinessAssetNumber strCatalog`,
  AssetUser: 'intAssetID>Asset^ intUserID>User^',
  AssetConsumingReference: 'intAssetID>Asset^ intConsumesAssetID>Asset^ qtyMaxConsumption',
  AssetClassification: '',
  AssetClassificationLog: '',
  BOMGroup: 'strName dtmLastUpdated-',
  BOMGroupPart: 'intBOMGroupID>BOMGroup^ intPartID>Asset^',
  Warranty: 'intAssetID>Asset^',
  Move: '',
  MoveAsset: '',
  MoveBack: '',
  MoveBackAsset: '',
  MoveSiteManager: '',
  MoveStatus: '',
} as const;

const STOCK = {
  Stock: `intAssetID>Asset^! intFacilityID>Asset! qtyOnHand qtyMinQty qtyMaxQty strAisle strRow strBin bolDeactivated`,
  StockHistory: `intStockID>Stock^- dtmDate- qtyBefore- qtyAfter- qtyQuantity- qtyMethodQty- dblLastPrice-
    intStockTxID- intStockTxTypeID>StockTxType- intInventoryMethodType- intUserID>User- strDescription-`,
  StockTxType: 'strName',
  StockCycleCount: '',
  CycleCount: '',
  InventoryTransaction: `dtmDate- qtyTxQuantity- dblCostPerUnit- dblTotalCost- intStockTxTypeID>StockTxType-
    intInventoryCharge-`,
} as const;

const PEOPLE = {
  User: `strFullName! strUserName! strEmailAddress strUserTitle strPersonnelCode strTelephone strTelephone2
    intUserStatusID bolGroup bolApiApplicationUser- bolApiManaged- dblHourlyRate ${ADDRESS}`,
  UserCertification: 'intUserID>User^',
  SiteUser: 'intSiteID>Asset^ intUserID>User^',
  SiteUserGroup: 'intSiteUserID>SiteUser^ intGroupID>User^',
  RegionUser: '',
  RegionUserGroup: '',
  ReportsToResolved: '',
  Business: `strName strCode strPrimaryContact strPrimaryEmail strSecondaryEmail strPhone strPhone2 strFax ${ADDRESS}
    strTimezone strNotes`,
  BusinessClassification: '',
  BusinessGroup: 'strName bolIsDefaultManufacturer bolIsDefaultSupplier',
  BusinessRole: 'intBusinessID>Business^ intBusinessGroupID>BusinessGroup^',
  File: `strName strLink intFileContentsID>FileContents intFileTypeID intSize strNotes intWorkOrderID>WorkOrder^
    intAssetID>Asset^ intPurchaseOrderID>PurchaseOrder^ intScheduledMaintenanceID>ScheduledMaintenance^`,
  FileContents: 'strName strMimeType intSize strContents',
} as const;

const MONEY = {
  Account: 'strCode strDescription',
  ChargeDepartment: 'strCode strDescription',
  Project: `intSiteID>Asset strName strDescription dtmProjectedStartDate dtmProjectedEndDate dtmActualStartDate
    dtmActualEndDate`,
  Country: 'strName strShort2',
  Currency: 'strISOCode strName strSymbol',
  BillingTerm: '',
  PurchaseOrder: `intCode- intPurchaseOrderStatusID>PurchaseOrderStatus intSiteID>Asset intSupplierID>Business
    intCreatedByUserID>User dtmDateCreated dtmDateSubmitted dtmDateExpectedDelivery dtmDateRequiredBy dtmDateReceived
    dtmDateLastUpdated dblSubtotal dblTotal dblFreight dblTax1 dblTax2 intPurchaseCurrencyID>Currency
    strPurchaseOrderReference intWorkOrderID>WorkOrder intSendToSupplierMethod`,
  PurchaseOrderStatus: 'strName intSysCode- intControlID',
  PurchaseOrderLineItem: `intPurchaseOrderID>PurchaseOrder^ intAssetID>Asset intStockID>Stock intSupplierID>Business
    qtyOnOrder qtyRecieved dblUnitPrice dblTaxRate strDescription dtmRequiredByDate intSourceWorkOrderID>WorkOrder
    intSourceAssetID>Asset`,
  PurchaseOrderAdditionalCost: '',
  PurchaseOrderAdditionalCostType: '',
  PurchaseOrderLog: '',
  Receipt: '',
  ReceiptLineItem: 'qtyQuantityReceived',
  ReceiptStatus: '',
  RFQ: '',
  RFQLineItem: '',
  RFQStatus: '',
} as const;

export const CLASS_TEXTS = { ...WORK, ...PLANS, ...ASSETS, ...STOCK, ...PEOPLE, ...MONEY } as const;

export type ClassName = keyof typeof CLASS_TEXTS;

/** Contract 4.2. */
export const WITHOUT_INT_UPDATED: ReadonlySet<string> = new Set<ClassName>([
  'AssetBusiness',
  'AssetClassification',
  'AssetClassificationLog',
  'AssetEvent',
  'AssetEventType',
  'AssetUser',
  'BOMGroup',
  'BOMGroupPart',
  'BusinessGroup',
  'CalendarEvent',
  'Country',
  'Currency',
  'FileContents',
  'InventoryTransaction',
  'Move',
  'MoveAsset',
  'MoveBack',
  'MoveBackAsset',
  'MoveSiteManager',
  'MoveStatus',
  'Project',
  'RFQ',
  'RFQLineItem',
  'RFQStatus',
  'PurchaseOrderLog',
  'ScheduledMaintenanceNesting',
  'ScheduledMaintenancePart',
  'ScheduledMaintenanceUser',
  'StockTxType',
  'WorkOrderStatusTransition',
  'WorkOrderTaskFile',
  'WorkOrderUser',
]);
