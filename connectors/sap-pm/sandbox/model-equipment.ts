/** Equipment (contract 2.4): the fields as the contract lists them. Data only. */
import type { SetSpec } from './schema.ts';

export const EQUIPMENT_SETS: Readonly<Record<string, SetSpec>> = {
  Equipment: {
    stamped: true,
    may: 'CU',
    key: 'Equipment s18, ValidityEndDate d-',
    write: `
      ValidityStartDate d, EquipmentOID s128, EquipmentName s40, EquipmentCategory s1, TechnicalObjectType
      s10, AuthorizationGroup s4, GrossWeight n13.3, GrossWeightUnit s3, SizeOrDimensionText s18,
      InventoryNumber s25, OperationStartDate d, AcquisitionValue n13.3, Currency s5, AcquisitionDate d,
      AssetManufacturerName s30, ManufacturerPartTypeName s20, ManufacturerCountry s3, ConstructionYear
      s4, ConstructionMonth s2, ManufacturerPartNmbr s30, ManufacturerSerialNumber s30,
      EquipmentEndOfUseDate d, MaintenancePlant s4, AssetLocation s10, AssetRoom s8, PlantSection s3,
      WorkCenter s8, ABCIndicator s1, MaintObjectFreeDefinedAttrib s30, FormOfAddress s4,
      BusinessPartnerName1 s40, BusinessPartnerName2 s40, CityName s40, HouseNumber s10,
      HouseNumberSupplementText s10, Building s20, Floor s10, RoomNumber s10, PostalCode s10, StreetName
      s60, Region s3, Country s3, PhoneNumber s30, FaxNumber s30, CompanyCode s4, BusinessArea s4,
      MasterFixedAsset s12, FixedAsset s4, CostCenter s10, ControllingArea s4, WBSElementExternalID s24,
      SettlementOrder s12, MaintenancePlanningPlant s4, MaintenancePlannerGroup s3, MainWorkCenter s8,
      MainWorkCenterPlant s4, CatalogProfile s9, FunctionalLocationLabelName s40,
      EquipInstallationPositionNmbr s4, SuperordinateEquipment s18, TechnicalObjectSortCode s25,
      ConstructionMaterial s18, Material s18, SerialNumber s18, UniqueItemIdentifier s72,
      UniqueItemIdentifierStrucType s10, UniqueItemIdentifierRespPlant s4, SalesOrganization s4,
      DistributionChannel s2, OrganizationDivision s2, SalesGroup s3, SalesOffice s4,
      EquipHasSubOrdinateEquipment s1`,
    read: `
      ValidityEndTime t, EquipmentValidityEndDateTime dto, WorkCenterInternalID s8#, WorkCenterPlant s4,
      MainWorkCenterInternalID s8#, FunctionalLocation s30, FunctionalLocationName s40, CreationDate d,
      CreatedByUser s12, LastChangedByUser s12, LastChangeDateTime dto, NextEquipUsagePeriodSqncNmbr s3#,
      MaintObjectLocAcctAssgmtNmbr s12, MaintObjectInternalID s22, EquipUsagePeriodSequenceNumber s3#,
      EquipmentIsAtCustomer b, EquipmentIsAvailable b, EquipmentIsInWarehouse b,
      EquipmentIsAssignedToDelivery b, EquipmentIsMarkedForDeletion b, EquipmentIsInstalled b,
      EquipIsAllocToSuperiorEquip b, EquipmentIsInactive b`,
    nav: `
      to_Classification EquipmentClass *, to_LongText EquipmentLongText 1, to_Partner EquipmentPartner *,
      to_Warranty EquipmentWarranty *`,
  },
  EquipmentLongText: {
    may: 'CNU',
    key: 'Equipment s18',
    write: `
      EquipmentLongText s`,
    read: `
      TextObjectKey s18, Language s2`,
    nav: `
      to_Equipment Equipment 1`,
  },
  EquipmentPartner: {
    may: 'CNU',
    key: 'Equipment s18, PartnerFunction s2, EquipmentPartnerObjectNmbr s6#',
    write: `
      Partner s12`,
    read: `
      CreatedByUser s12, CreationDate d`,
    nav: `
      to_Equipment Equipment 1`,
  },
  EquipmentWarranty: {
    may: 'CNU',
    key: 'Equipment s18, WarrantyType s1',
    write: `
      MasterWarranty s20, WarrantyStartDate d, WarrantyEndDate d, WrntyIsInhtdFromSuperiorObject s1,
      WrntyIsPassedOnToChildObject s1`,
    nav: `
      to_Equipment Equipment 1`,
  },
  EquipmentClass: {
    may: 'CNUD',
    key: 'Equipment s18, ClassInternalID s10#, ClassType s3',
    write: `
      ChangeNumber s12, ClfnStatus s1, ClassPositionNumber i16, ClassIsStandardClass s1`,
    read: `
      KeyDate d, ClfnObjectInternalID s18#, ValidityEndDate d, Class s18`,
    nav: `
      to_Equipment Equipment 1, to_Characteristic EquipClassCharacteristicValue *`,
  },
  EquipClassCharacteristicValue: {
    may: 'CNU',
    key: 'Equipment s18, ClassType s3, CharcValuePositionNumber s3#, CharacteristicInternalID s10#',
    write: `
      Characteristic s30, CharcDataType s4, ChangeNumber s12, CharcValueDependency s1, CharcValue s70,
      CharcFromNumericValue dbl, CharcFromNumericValueUnit s3, CharcToNumericValue dbl,
      CharcToNumericValueUnit s3, CharcFromDecimalValue n31.14, CharcToDecimalValue n31.14,
      CharcFromAmount n23.3, CharcToAmount n23.3, Currency s5, CharcFromDate d, CharcToDate d,
      CharcFromTime t, CharcToTime t`,
    create: `
      ClassInternalID s10#!`,
    read: `
      KeyDate d`,
    nav: `
      to_Equipment Equipment 1`,
  },
};
