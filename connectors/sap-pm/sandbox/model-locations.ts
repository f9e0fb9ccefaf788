/** Functional locations (contract 2.5): the fields as the contract lists them. Data only. */
import type { SetSpec } from './schema.ts';

export const LOCATION_SETS: Readonly<Record<string, SetSpec>> = {
  FunctionalLocation: {
    stamped: true,
    may: 'CU',
    key: 'FunctionalLocation s30',
    write: `
      FunctionalLocationOID s128, FunctionalLocationName s40, FuncLocationStructure s5,
      FunctionalLocationCategory s1, SuperiorFunctionalLocation s30, FuncnlLocPosInSuperiorTechObj s4,
      TechnicalObjectType s10, AuthorizationGroup s4, GrossWeight n13.3, GrossWeightUnit s3,
      OperationStartDate d, InventoryNumber s25, AcquisitionValue n13.3, Currency s5, AcquisitionDate d,
      AssetManufacturerName s30, ManufacturerPartNmbr s30, ManufacturerCountry s3,
      ManufacturerPartTypeName s20, ConstructionMonth s2, ConstructionYear s4, ManufacturerSerialNumber
      s30, MaintenancePlant s4, AssetLocation s10, AssetRoom s8, PlantSection s3, WorkCenter s8,
      ABCIndicator s1, MaintObjectFreeDefinedAttrib s30, FormOfAddress s4, BusinessPartnerName1 s40,
      BusinessPartnerName2 s40, CityName s40, HouseNumber s10, HouseNumberSupplementText s10, Building
      s20, Floor s10, RoomNumber s10, PostalCode s10, StreetName s60, Region s3, Country s3, PhoneNumber
      s30, FaxNumber s30, CompanyCode s4, BusinessArea s4, MasterFixedAsset s12, FixedAsset s4, CostCenter
      s10, ControllingArea s4, WBSElementExternalID s24, SettlementOrder s12, ConstructionMaterial s18,
      MaintenancePlannerGroup s3, MaintenancePlanningPlant s4, MainWorkCenterPlant s4, MainWorkCenter s8,
      CatalogProfile s9, EquipmentInstallationIsAllowed b, OnePieceOfEquipmentIsAllowed b,
      SalesOrganization s4, DistributionChannel s2, SalesOffice s4, OrganizationDivision s2, SalesGroup
      s3, FunctionalLocationEndOfUseDate d`,
    read: `
      FunctionalLocationLabelName s40, SuperiorFuncnlLocLabelName s40, WorkCenterInternalID s8#,
      WorkCenterPlant s4, MainWorkCenterInternalID s8#, FunctionalLocationHasEquipment s1,
      FuncnlLocHasSubOrdinateFuncLoc s1, LastChangeDateTime dto, FuncnlLocIsMarkedForDeletion b,
      FuncnlLocIsDeleted b, FunctionalLocationIsActive b, FunctionalLocationIsCreated b,
      FuncnlLocIsDeactivated b, CreatedByUser s12, CreationDate d, LastChangedByUser s12`,
    nav: `
      to_LongText FunctionalLocationLongText 1, to_Partner FunctionalLocationPartner *, to_Warranty
      FunctionalLocationWarranty *`,
  },
  FunctionalLocationLongText: {
    may: 'CNU',
    key: 'FunctionalLocation s30',
    write: `
      FuncnlLocLongText s`,
    read: `
      FunctionalLocationLabelName s40, TextObjectKey s30, Language s2`,
    nav: `
      to_FunctionalLocation FunctionalLocation 1`,
  },
  FunctionalLocationPartner: {
    may: 'CNU',
    key: 'FunctionalLocation s30, PartnerFunction s2, FuncnlLocPartnerObjectNmbr s6#',
    write: `
      Partner s12`,
    read: `
      FunctionalLocationLabelName s40, CreatedByUser s12, CreationDate d, CreationTime t,
      LastChangedByUser s12, LastChangeTime t, LastChangeDate d, MaintObjectInternalID s22`,
    nav: `
      to_FunctionalLocation FunctionalLocation 1`,
  },
  FunctionalLocationWarranty: {
    may: 'CNU',
    key: 'FunctionalLocation s30, WarrantyType s1',
    write: `
      MasterWarranty s20, WarrantyStartDate d, WarrantyEndDate d, WrntyIsInhtdFromSuperiorObject s1,
      WrntyIsPassedOnToChildObject s1`,
    read: `
      FunctionalLocationLabelName s40`,
    nav: `
      to_FunctionalLocation FunctionalLocation 1`,
  },
};
