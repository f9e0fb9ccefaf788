/** Orders version 2 (contract 2.1): the fields as the contract lists them. Data only. */
import type { SetSpec } from './schema.ts';

export const ORDER_SETS: Readonly<Record<string, SetSpec>> = {
  MaintenanceOrder: {
    type: 'MaintenanceOrderType',
    stamped: true,
    may: 'CU',
    key: 'MaintenanceOrder s12',
    write: `
      MaintOrderRoutingNumber s10#, MaintenanceOrderDesc s40, MaintOrdBasicStartDateTime dto,
      MaintOrdBasicEndDateTime dto, MaintenanceNotification s12, OrdIsNotSchedldAutomatically s1,
      MainWorkCenterInternalID s8#, MainWorkCenter s8, MainWorkCenterPlant s4, WorkCenterInternalID s8#,
      WorkCenter s8, MaintenancePlant s4, Assembly s40, BusinessArea s4, CostCenter s10, CostingSheet s6,
      ReferenceElement s40, FunctionalArea s16, AdditionalDeviceData s40, Equipment s18,
      FunctionalLocation s30, MaintenanceOrderPlanningCode s1, MaintenancePlannerGroup s3,
      MaintenanceActivityType s3, MaintPriority s1, ProfitCenter s10, ResponsibleCostCenter s10,
      MaintenanceRevision s8, SerialNumber s18, Product s40, OperationSystemCondition s1, WBSElement s24,
      WBSElementInternalID s8#, ProjectInternalID s8#, ControllingObjectClass s2, AssetLocation s10,
      AssetRoom s8, PlantSection s3, ABCIndicator s1, MaintObjectFreeDefinedAttrib s30,
      BasicSchedulingType s1, LatestAcceptableCompletionDate d, MaintOrdPersonResponsible s12,
      MaintenanceOrderOverheadCode s6, LocAcctAssgmtWBSElement s24, LocAcctAssgmtWBSElmntIntID s8#,
      ControllingSettlementProfile s6, LocAcctAssgmtBusinessArea s4, LocAcctAssgmtCompanyCode s4`,
    create: `
      MaintenanceOrderType s4, MaintenancePlanningPlant s4, MaintOrderProcessingContext s2`,
    read: `
      MaintOrdBasicStartDate d, MaintOrdBasicStartTime t, MaintOrdBasicEndDate d, MaintOrdBasicEndTime t,
      MaintOrdSchedldBscStrtDateTime dto, MaintOrdSchedldBscEndDateTime dto, ScheduledBasicStartDate d,
      ScheduledBasicStartTime t, ScheduledBasicEndDate d, ScheduledBasicEndTime t,
      MaintOrderReferenceDateTime dto, MaintOrderReferenceDate d, MaintOrderReferenceTime t,
      MainWorkCompletedDateTime dto, ControllingArea s4, MainWorkCenterTypeCode s2, WorkCenterTypeCode s2,
      MaintOrdProcessPhaseCode s2, MaintOrdProcessSubPhaseCode s4, CompanyCode s4, EquipmentName s40,
      MaintPriorityType s2, OrderProcessingGroup s2#, Currency s5, SuperiorProjectNetwork s12,
      MaintenanceOrderInternalID s22, MaintenanceObjectList i64, MaintObjectLocAcctAssgmtNmbr s12,
      LastChangeByUser s12, LastChangeDateTime dto, CreatedByUser s12, MaintOrderCreationDateTime dto,
      OrderHasLongText b, PlannedCostsCostingVariant s4, ActualCostsCostingVariant s4, MaintenancePlan
      s12, MaintenanceCall i32, MaintenanceItem s16, LeadingOrder s12, TaskListType s1, TaskListGroup s8,
      TaskListGroupCounter s2, LocAcctAssgmtControllingArea s4, SystemStatusText s40†, UserStatusText
      s40†, TechnicalObject s40, TechnicalObjectLabel s40, TechObjIsEquipOrFuncnlLoc s20`,
    nav: `
      to_MaintenanceOrderLongText MaintenanceOrderLongText *, to_MaintenanceOrderOperation
      MaintenanceOrderOperation *, to_MaintenanceOrderPartner MaintenanceOrderPartner *,
      to_MaintenanceOrderPhaseControl MaintenanceOrderPhaseControl *, to_MaintOrderObjectListItem
      MaintOrderObjectListItem *`,
  },
  MaintenanceOrderOperation: {
    type: 'MaintenanceOrderOperationType',
    may: 'NUD',
    key: 'MaintenanceOrder s12-, MaintenanceOrderOperation s4, MaintenanceOrderSubOperation s4',
    write: `
      OperationControlKey s4, OperationWorkCenterInternalID s8#, WorkCenter s8, Plant s4,
      OperationStandardTextCode s7, OperationDescription s40, OperationPurgInfoRecdSearchTxt s10,
      OperationSupplier s10, OpExternalProcessingPrice n11.3, OpExternalProcessingPriceUnit n5.0,
      OpExternalProcessingCurrency s5, CostElement s10, OperationPurchasingInfoRecord s10,
      PurchasingOrganization s4, PurchasingGroup s3, MaterialGroup s9, OpPurchaseOutlineAgreement s10,
      OpPurchaseOutlineAgreementItem s5#, OperationRequisitionerName s12, OperationTrackingNumber s10,
      NumberOfCapacities byte, OperationWorkPercent byte, OperationCalculationControl s1, ActivityType s6,
      OperationSystemCondition s1, OperationGoodsRecipientName s12, OperationUnloadingPointName s25,
      OperationPersonResponsible s8#, DeliveryTimeInDays n3.0, MaintOrderOperationDuration n5.1,
      MaintOrdOperationDurationUnit s3, OpBscStartDateConstraintType s1, OpBscEndDateConstraintType s1,
      MaintOrdOperationWorkDuration n7.1, MaintOrdOpWorkDurationUnit s3, MaintOrdOpConstraintStrtDteTme
      dto, MaintOrdOpCstrtFinishDteTme dto, MaintOrdOperationExecutionRate n3.0, Equipment s18,
      FunctionalLocation s30, MaintenanceActivityType s3, BusinessArea s4, ProfitCenter s10, CostingSheet
      s6, TaxJurisdiction s15, FunctionalArea s16, PurReqnOrResvnGeneration s1, WrkCtrIntCapRqmtsDistr s8,
      MaintOrderOperationQuantity n13.3, MaintOrdOperationQuantityUnit s3, Assembly s40,
      MaintOperationExecStageCode s10, MaintOrdOpAssgdWBSElmntInt s8#, WBSElement s24,
      MaintenanceObjectListItem i32, ForecastWorkQuantity n7.1, AllMaintOrdCompCmtdQtsAreKept b,
      MaintOrdOpDelivDateAdjustment s1, MaintOperationalChecklistType s8`,
    create: `
      TaskListType s1, TaskListGroup s8, TaskListGroupCounter s2`,
    read: `
      MaintOrderRoutingNumber s10#, MaintenanceOrderRoutingNode s8#, SuperiorOperationInternalID s8#,
      OperationWorkCenterTypeCode s1, Language s2, NumberOfTimeTickets n3.0, OpErlstSchedldExecStrtDteTme
      dto, OpErlstSchedldExecEndDteTme dto, OpLtstSchedldExecStrtDteTme dto, OpLtstSchedldExecEndDteTme
      dto, OpActualExecutionStartDateTime dto, OpActualExecutionEndDateTime dto,
      ConstraintDateForBscStartDate d, ConstraintTimeForBscStartTime t, ConstraintDateForBscFinishDate d,
      ConstraintTimeForBscFinishTime t, MaintControllingObjectClass s2, MaintOrdOperationOverheadCode s6,
      IsMarkedForDeletion b, MaintOrderOperationInternalID s22, PurchaseRequisition s10,
      PurchaseRequisitionItem s5#, OpErlstSchedldExecStrtDte d, OpErlstSchedldExecStrtTme t,
      OpErlstSchedldExecEndDte d, OpErlstSchedldExecEndTme t, OpLtstSchedldExecStrtDte d,
      OpLtstSchedldExecStrtTme t, OpLtstSchedldExecEndDte d, OpLtstSchedldExecEndTme t,
      OpActualExecutionStartDate d, OpActualExecutionStartTime t, OpActualExecutionEndDate d,
      OpActualExecutionEndTime t, ActyConfFcstdEndDate d, ActyConfFcstdEndTime t,
      ActyConfForecastedEndDateTime dto, ActualWorkQuantity n13.3, MaintOrdOpProcessPhaseCode s2,
      MaintOrdOpProcessSubPhaseCode s4, ControllingArea s4, MaintOrderConfirmation s10#,
      MaintOrderConfCntrValue s8#, MaintOrdOpHasNoRemainingWork b, MaintOrdOpHasLeanServices b,
      SystemStatusText s40†, UserStatusText s40†`,
    nav: `
      to_MaintenanceOrder MaintenanceOrder 1, to_MaintOrderOpComponent_2 MaintOrderOpComponent *,
      to_MaintOrderOpLongText MaintOrderOpLongText *, to_MaintOrderOpProdnRsceTool
      MaintOrderOpProdnRsceTool *, to_MaintOrderOpRelationship MaintOrderOpRelationship *`,
  },
  MaintOrderOpComponent: {
    type: 'MaintOrderOpComponent_Type',
    may: 'NUD',
    key: 'MaintenanceOrder s12-, MaintenanceOrderOperation s4-, MaintenanceOrderSubOperation s4-, MaintOrderComponentInternalID s22-',
    write: `
      MaintenanceOrderComponent s4, Product s40, MaintOrdOperationComponentText s40,
      MaintOrdOpCompRequiredQuantity n13.3, BaseUnit s3, QuantityInUnitOfEntry n13.3, UnitOfEntry s3,
      RequirementDate d, RequirementTime t, RequirementDateTime dto, Supplier s10, Plant s4,
      StorageLocation s4, MaintComponentItemCategory s1, GoodsMovementType s3, MaterialGroup s9,
      PurReqnOrResvnGeneration s1, MaterialCompIsProcuredDirectly b, ProductTypeCode s2, ServicePerformer
      s10, PerformancePeriodStartDateTime dto, PerformancePeriodEndDateTime dto, LeanServiceDuration n5.1,
      LeanServiceDurationUnit s3, DistributionFunction s3, MaintOrdCompDeliveryDateAdjmt s1,
      SrvcSchedgIsAlignedWthOpWrkCtr b, MaintOrderCompDebitCreditCode s1, GoodsMovementIsAllowed b,
      MaintenanceOrderComponentBatch s10, QuantityIsFixed b, MaintOrdOpComponentGLAccount s10,
      MaintOrdOpCompCostingRelevancy s1, MaintOrderOpComponentSortText s10, MaintOrdOpCompIsBulkProduct b,
      MaterialProvisionType s1, MaintOrdOpCompAssgdWBSElmntInt s8#, MaintOrderOpComponentPrice n15.3,
      WBSElement s24, MaintOrdOpCompPriceUnitQty n5.0, MaintOrdOpComponentCurrency s5,
      MatlCompIsMarkedForBackflush b, PurchasingGroup s3, DeliveryTimeInDays n3.0,
      MaintOrdOpCompGdsRecipientName s12, MaintOrdOpCompUnloadingPtTxt s25, GoodsReceiptDurationInWorkDays
      n3.0, PurchasingInfoRecord s10, OperationLeadTimeOffset n3.0, OpsLeadTimeOffsetUnit s3,
      MaintOrdOpCompRequisitioner s12, MaintOrdOpCompProcmtTrckgNmbr s10, ResponsiblePurchaseOrg s4,
      MaintOrdOpCompSpecialStockType s1, VariableSizeDimension1 n13.3, VariableSizeDimensionUnit s3,
      VariableSizeCompFormulaKey s2, VariableSizeDimension2 n13.3, NumberOfVariableSizeItem i32,
      VariableSizeDimension3 n13.3, VariableSizeItemQuantity n13.3, VariableSizeComponentUnit s3,
      RqmtDateIsEnteredManually b, SupplierProduct s35, MaintOrdCompCmtdQtyIsKept b,
      MaintOrdOpCompPurOutlineAgrmt s10, MaintOrdCompPurOutlineAgrmtItm s5#, RecipientLocationCode s15,
      ControllingArea s4, PurchaseRequisition s10, PurchaseRequisitionItem s5#, OverallLimitAmount n13.3,
      ExpectedOverallLimitAmount n13.3`,
    read: `
      Reservation s10#, ReservationItem s4#, ReservationType s1, MaintOrderRoutingNumber s10#,
      MaintOrderOperationCounter s8#, ReservationIsFinallyIssued b, PerformancePeriodStartDate d,
      PerformancePeriodEndDate d, PerformancePeriodStartTime t, PerformancePeriodEndTime t,
      MaintCompAltvProdUsgeRateInPct n3.0, IsDeleted b, MaintOrdOpCompProcmtCatalog s20,
      MaintOrdOpCompProcmtCatalogItm s40, QuantityWithdrawnInBaseUnit n13.3, ConfirmedAvailableQuantity
      n15.3`,
    nav: `
      to_MaintenanceOrderOperation MaintenanceOrderOperation 1, to_MaintenanceOrder MaintenanceOrder 1,
      to_MaintOrderOpCompLongText MaintOrderOpCompLongText *`,
  },
  MaintenanceOrderLongText: {
    type: 'MaintenanceOrderLongText_Type',
    may: 'NUD',
    key: 'MaintenanceOrder s12-, TextObjectType s4, Language s2',
    write: `
      MaintenanceOrderLongText s`,
    nav: `
      to_MaintenanceOrder MaintenanceOrder 1`,
  },
  MaintOrderOpLongText: {
    type: 'MaintOrderOpLongText_Type',
    may: 'NUD',
    key: 'MaintenanceOrder s12-, MaintenanceOrderOperation s4-, MaintenanceOrderSubOperation s4-, TextObjectType s4, Language s2',
    write: `
      OrderOperationLongText s`,
    nav: `
      to_MaintenanceOrderOperation MaintenanceOrderOperation 1, to_MaintenanceOrder MaintenanceOrder 1`,
  },
  MaintOrderOpCompLongText: {
    type: 'MaintOrderOpCompLongText_Type',
    may: 'NUD',
    key: 'MaintenanceOrder s12-, MaintenanceOrderOperation s4-, MaintenanceOrderSubOperation s4-, MaintOrderComponentInternalID s22-, TextObjectType s4, Language s2',
    write: `
      OrderComponentLongText s`,
    nav: `
      to_MaintenanceOrder MaintenanceOrder 1, to_MaintenanceOrderComponent MaintOrderOpComponent 1`,
  },
  MaintenanceOrderPartner: {
    type: 'MaintenanceOrderPartner_Type',
    may: 'ND',
    key: 'MaintenanceOrder s12-, PartnerFunction s2, MaintenanceOrderPartner s12',
    nav: `
      to_MaintenanceOrder MaintenanceOrder 1`,
  },
  MaintOrderObjectListItem: {
    type: 'MaintOrderObjectListItemType',
    may: 'NUD',
    key: 'MaintenanceOrder s12-, MaintenanceOrderObjectList i64-, MaintenanceObjectListItem i32-',
    write: `
      Equipment s18, MaintenanceNotification s12, Assembly s40, Material s40, SerialNumber s18,
      FunctionalLocation s30, MaintObjectListItemSequence s20`,
    create: `
      UniqueItemIdentifier s72`,
    nav: `
      to_MaintenanceOrder MaintenanceOrder 1`,
  },
  MaintenanceOrderPhaseControl: {
    type: 'MaintnanceOrderPhaseControl_Type',
    may: '',
    key: 'MaintenanceOrder s12-, MaintenancePhaseControl s4',
    read: `
      MaintenancePhaseControlName s4, MaintenancePhaseControlText s30, MaintPhseCtrlIsSetAutomly b,
      MaintPhaseControlAuthorityCode s8, MaintProcgPhseCtrlActvtnCode s2#, MaintProcgPhseCtrlActvtnDesc
      s60, EAMProcessPhaseCode s2, EAMProcessSubPhaseCode s4, MaintObjPhseCtrlStatusIsActive b,
      StatusObject s22, MaintObjPhaseCtrlCodeSetBy s12, MaintObjPhseCtrlCodeSetDteTime dto,
      MaintObjPhaseCtrlCodeResetBy s12, MaintObjPhseCtrlCodeRsetDteTme dto`,
    nav: `
      to_MaintenanceOrder MaintenanceOrder 1`,
  },
  MaintOrderOpProdnRsceTool: {
    type: 'MaintOrderOpProdnRsceTool_Type',
    may: 'NUD',
    key: 'MaintenanceOrder s12-, MaintenanceOrderOperation s4-, MaintenanceOrderSubOperation s4-, ProdnRsceToolItemNumber s4#',
    write: `
      OrderProdnRsceToolText s40, ProdnRsceToolCategory s1, Product s40, MiscProductionResourceTool s18,
      ProdnRsceToolControlProfile s4, ProdnRsceToolStandardWorkQty n9.3, ProdnRsceToolStdWorkQtyUnit s3,
      Plant s4, Equipment s18`,
    read: `
      ProdnRsceToolCategoryName s40, ProductionResourceTool s40†, ProductionResourceToolDesc s40†,
      DocumentInfoRecord s25, DocumentType s3, DocumentPart s3, DocumentVersion s2, MeasuringPoint s12`,
    nav: `
      to_MaintenanceOrderOperation MaintenanceOrderOperation 1, to_MaintenanceOrder MaintenanceOrder 1`,
  },
  MaintOrderOpRelationship: {
    type: 'MaintOrderOpRelationshipType',
    may: 'NUD',
    key: 'MaintenanceOrder s12-, MaintenanceOrderOperation s4-, MaintenanceOrderSubOperation s4-, MaintOrdOperationIsSuccessor b, RelatedMaintenanceOrder s12, RelatedMaintOrderOperation s4, OrderOpRelationshipIntType s2',
    write: `
      RelatedMaintOrderRouting s10#, RelatedOrderRoutingNode s8#, OpRelshpOffsetDuration n5.1,
      OpRelshpOffsetDurationUnit s3`,
    read: `
      PredecessorMaintOrderRouting s10#, PredecessorOrderRoutingNode s8#, SuccessorMaintOrderRouting s10#,
      SuccessorOrderRoutingNode s8#, FactoryCalendar s2, OpRelshpEarliestStartDate d,
      OpRelshpEarliestStartTime t, OpRelationshipLatestStartDate d, OpRelationshipLatestStartTime t,
      OpRelshpEarliestFinishDate d, OpRelshpEarliestFinishTime t, OpRelshpLatestFinishDate d,
      OpRelshpLatestFinishTime t`,
    nav: `
      to_MaintenanceOrderOperation MaintenanceOrderOperation 1, to_MaintenanceOrder MaintenanceOrder 1`,
  },
};
