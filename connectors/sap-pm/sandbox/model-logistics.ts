/** Confirmations (contract 2.2), parts, stock and reservations (2.8), attachments (1.1): the fields a maintenance client needs. */
import type { SetSpec } from './schema.ts';

export const CONFIRMATION_SETS: Readonly<Record<string, SetSpec>> = {
  MaintOrderConfirmation: {
    may: 'C',
    key: 'MaintOrderConf s10#, MaintOrderConfCntrValue s8#',
    create: `
      MaintenanceOrder s12, MaintenanceOrderOperation s4, MaintenanceOrderSubOperation s4, PersonnelNumber s8#,
      ActualWorkQuantity n7.1, ActualWorkQuantityUnit s3, ActualDuration n5.1, ActualDurationUnit s3,
      OperationConfirmedStartDate d, OperationConfirmedStartTime t, OperationConfirmedEndDate d,
      OperationConfirmedEndTime t, IsFinalConfirmation b, NoFurtherWorkQuantityIsExpd b, RemainingWorkQuantity n7.1,
      RemainingWorkQuantityUnit s3, PostingDate d, ActivityType s6, OpenReservationsIsCleared b, ConfirmationText s40,
      EmployeeWageType s4, EmployeeWageGroup s3, VarianceReasonCode s4, CapacityInternalID s8#,
      NmbrOfMaintTechnicianCapSplits byte, MaterialDocument s10, AccountingIndicatorCode s2, ActyConfFcstdEndDate d,
      ActyConfFcstdEndTime t`,
    nav: 'to_LongText MaintOrderConfLongText 1',
    free: true,
  },
  MaintOrderConfLongText: {
    may: 'N',
    key: 'MaintOrderConf s10#, MaintOrderConfCntrValue s8#',
    create: 'Language s2, MaintOrderConfLongText s',
    nav: 'to_MaintOrderConfirmation MaintOrderConfirmation 1',
    free: true,
  },
};

export const PRODUCT_SETS: Readonly<Record<string, SetSpec>> = {
  A_Product: {
    may: 'CU',
    stamped: true,
    key: 'Product s40',
    write: `
      ProductGroup s9, ProductOldID s40, ProductManufacturerNumber s40, ManufacturerNumber s10, ProductStandardID s18,
      GrossWeight n13.3, NetWeight n13.3, WeightUnit s3, CrossPlantStatus s2, IsMarkedForDeletion b, SerialNumberProfile s4,
      Division s2, SizeOrDimensionText s32, ItemCategoryGroup s4`,
    create: 'ProductType s4!, BaseUnit s3!, IndustrySector s1',
    read: 'CreationDate d, CreatedByUser s12, LastChangeDate d, LastChangedByUser s12, LastChangeDateTime dto',
    nav: `
      to_Description A_ProductDescription *, to_ProductBasicText A_ProductBasicText *, to_Plant A_ProductPlant *,
      to_Valuation A_ProductValuation *, to_ProductUnitsOfMeasure A_ProductUnitsOfMeasure *`,
  },
  A_ProductDescription: {
    free: true,
    may: 'CNU',
    key: 'Product s40, Language s2',
    write: 'ProductDescription s40',
  },
  A_ProductBasicText: { free: true, may: 'CNU', key: 'Product s40, Language s2', write: 'LongText s' },
  A_ProductUnitsOfMeasure: {
    free: true,
    may: 'CNU',
    key: 'Product s40, AlternativeUnit s3',
    write: 'QuantityNumerator n5.0, QuantityDenominator n5.0, GlobalTradeItemNumber s18',
    read: 'BaseUnit s3',
  },
  A_ProductPlant: {
    free: true,
    may: 'CNU',
    key: 'Product s40, Plant s4',
    write: `PurchasingGroup s3, MRPType s2, ProfileCode s2, IsMarkedForDeletion b, CountryOfOrigin s3, ProfitCenter s10,
      AvailabilityCheckType s2, GoodsReceiptDuration n3.0`,
    read: 'BaseUnit s3',
    nav: 'to_ProductSupplyPlanning A_ProductSupplyPlanning 1, to_StorageLocation A_ProductStorageLocation *',
  },
  A_ProductSupplyPlanning: {
    free: true,
    may: 'NU',
    key: 'Product s40, Plant s4',
    write: `ReorderThresholdQuantity n13.3, SafetyStockQuantity n13.3, MaximumStockQuantity n13.3,
      PlannedDeliveryDurationInDays n3.0, FixedLotSizeQuantity n13.3, LotSizingProcedure s2, ProcurementType s1`,
    read: 'BaseUnit s3',
  },
  A_ProductStorageLocation: {
    free: true,
    may: 'CNU',
    key: 'Product s40, Plant s4, StorageLocation s4',
    write: 'WarehouseStorageBin s10, IsMarkedForDeletion b',
  },
  A_ProductValuation: {
    free: true,
    may: 'CNU',
    key: 'Product s40, ValuationArea s4, ValuationType s10',
    write: `ValuationClass s4, StandardPrice n12.3, PriceUnitQty n5.0, InventoryValuationProcedure s1,
      MovingAveragePrice n12.3, IsMarkedForDeletion b`,
    read: 'Currency s5, BaseUnit s3',
  },
};

export const STOCK_SETS: Readonly<Record<string, SetSpec>> = {
  A_MaterialStock: {
    may: '',
    key: 'Material s40',
    read: 'MaterialBaseUnit s3',
    nav: 'to_MatlStkInAcctMod A_MatlStkInAcctMod *',
    free: true,
  },
  A_MatlStkInAcctMod: {
    may: '',
    key: `Material s40, Plant s4, StorageLocation s4, Batch s10, Supplier s10, Customer s10, WBSElementInternalID s24,
      SDDocument s10, SDDocumentItem s6, InventorySpecialStockType s1, InventoryStockType s2`,
    read: 'WBSElementExternalID s24, MaterialBaseUnit s3, MatlWrhsStkQtyInMatlBaseUnit n31.14',
    free: true,
  },
};

export const RESERVATION_SETS: Readonly<Record<string, SetSpec>> = {
  A_ReservationDocumentHeader: {
    may: '',
    key: 'Reservation s10#',
    read: `OrderID s12, GoodsMovementType s3, CostCenter s10, GoodsRecipientName s12, ReservationDate d, Customer s10,
      WBSElement s24, ControllingArea s4, IssuingOrReceivingPlant s4, IssuingOrReceivingStorageLoc s4`,
    nav: 'to_ReservationDocumentItem A_ReservationDocumentItem *',
    free: true,
  },
  A_ReservationDocumentItem: {
    may: '',
    key: 'Reservation s10#, ReservationItem s4#, RecordType s1',
    read: `Product s40, Plant s4, StorageLocation s4, GoodsMovementType s3, MatlCompRequirementDate d, BaseUnit s3,
      ResvnItmRequiredQtyInBaseUnit n13.3, ResvnItmWithdrawnQtyInBaseUnit n13.3, ReservationItemIsFinallyIssued b,
      ReservationItmIsMarkedForDeltn b, ReservationItemText s50, GoodsMovementIsAllowed b`,
    free: true,
  },
};

/** Known from SAP's client for the service, not from the contract, which names the service only. */
export const ATTACHMENT_SETS: Readonly<Record<string, SetSpec>> = {
  AttachmentContentSet: {
    type: 'AttachmentContent',
    may: 'CD',
    key: `DocumentInfoRecordDocType s3, DocumentInfoRecordDocNumber s25, DocumentInfoRecordDocVersion s2,
      DocumentInfoRecordDocPart s3, LogicalDocument s32, ArchiveDocumentID s40, LinkedSAPObjectKey s90,
      BusinessObjectTypeName s10`,
    read: `SemanticObject s30, WorkstationApplication s3, FileSize s16, FileName s255, DocumentURL s4096, MimeType s128,
      CreatedByUser s12, CreatedByUserFullName s80, CreationDateTime dto, BusinessObjectType s10,
      LastChangedByUser s12, LastChangedByUserFullName s80, ChangedDateTime dto, StorageCategory s10, ArchiveLinkRepository s2,
      SAPObjectType s30, SAPObjectNodeType s30, AttachmentDeletionIsAllowed b, AttachmentRenameIsAllowed b`,
    free: true,
  },
};
