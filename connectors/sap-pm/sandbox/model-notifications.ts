/** Notifications (contract 2.3): the fields as the contract lists them. Data only. */
import type { SetSpec } from './schema.ts';

export const NOTIFICATION_SETS: Readonly<Record<string, SetSpec>> = {
  MaintenanceNotification: {
    stamped: true,
    may: 'CU',
    key: 'MaintenanceNotification s12-',
    write: `
      NotificationText s40!, MaintPriority s1, ReportedByUser s12, PersonResponsible s12,
      MalfunctionEffect s1, MalfunctionStartDate d, MalfunctionStartTime t, MalfunctionEndDate d,
      MalfunctionEndTime t, MaintNotificationCode s4, MaintNotificationCodeGroup s8,
      NotificationCreationDate d, NotificationCreationTime t, RequiredStartDate d, RequiredStartTime t,
      RequiredEndDate d, RequiredEndTime t, LatestAcceptableCompletionDate d, MaintenanceObjectIsDown b,
      MaintNotifLongTextForEdit s1333, MaintRequestEditableLongText s, TechnicalObject s40,
      TechObjIsEquipOrFuncnlLoc s20, MaintenancePlanningPlant s4, MaintenancePlannerGroup s3, PlantSection
      s3, AssetLocation s10, MainWorkCenterPlant s4, MainWorkCenter s8, MaintenancePlant s4,
      LocationDescription s50, MaintenanceOrder s12, MaintNotifProcessingContext s2,
      MaintenanceActivityType s3, MaintObjDowntimeDurationUnit s3, MaintObjectDowntimeDuration dbl,
      TaskList s13, NotificationReferenceDate d, NotificationReferenceTime t, AssetRoom s8,
      MaintNotifExtReferenceNumber s20, MaintNotifDetectionCode s4, MaintNotifDetectionCodeGroup s8,
      MaintNotifRqdEndDateTime dto, MaintenanceRevision s8`,
    create: `
      NotificationType s2`,
    read: `
      MaintNotifInternalID s22, NotifProcessingPhase s1, NotifProcessingPhaseDesc s60, MaintPriorityDesc
      s20, CreationDate d, LastChangeTime t, LastChangeDate d, LastChangeDateTime dto, CreationTime t,
      ReporterFullName s80, MalfunctionEffectText s40, MaintNotificationCatalog s1, CatalogProfile s9,
      NotificationTimeZone s6, MaintNotificationLongText s, TechnicalObjectLabel s40, ABCIndicator s1,
      SuperiorTechnicalObject s40, SuperiorTechnicalObjectName s40, SuperiorObjIsEquipOrFuncnlLoc s20,
      SuperiorTechnicalObjectLabel s40, ManufacturerPartTypeName s20, TechObjIsEquipOrFuncnlLocDesc s40,
      FunctionalLocation s30, FunctionalLocationLabelName s40, TechnicalObjectDescription s40,
      LocationName s40, BusinessArea s4, CompanyCode s4, TechnicalObjectCategory s1, TechnicalObjectType
      s10, PlantName s30, MaintenancePlannerGroupName s18, MainWorkCenterText s40, MainWorkCenterPlantName
      s30, MaintenancePlantName s30, PlantSectionPersonRespName s14, ABCIndicatorDesc s20,
      PersonResponsibleName s35†, MaintenanceOrderType s4, ConcatenatedActiveSystStsName s224†,
      MaintenancePlan s12, MaintenanceItem s16, TaskListGroup s8, TaskListGroupCounter s2,
      MaintenancePlanCallNumber i32, MaintenanceTaskListType s1, NotificationCompletionDate d,
      CompletionTime t, MaintNotifRejectionReasonCode s3, MaintNotifRejectionRsnCodeTxt s40,
      MaintNotifDetectionCatalog s2, MaintNotifDetectionCodeText s40, MaintNotifDetectionCodeGrpTxt s40,
      MaintNotifProcessPhaseCode s2, MaintNotifProcessSubPhaseCode s4, EAMProcessPhaseCodeDesc s60,
      EAMProcessSubPhaseCodeDesc s40, CreationDateTime dto, MalfunctionStartDateTime dto,
      MalfunctionEndDateTime dto, NotificationCreationDateTime dto, MaintNotifRqdStartDateTime dto,
      PreviousFinalDueDate d, OriglLtstAccptblCompletionDate d, CreatedByUser s12`,
    nav: `
      to_FailureEffect MaintNotificationEffectCode 1, to_Item MaintenanceNotificationItem *, to_Partner
      MaintenanceNotificationPartner *`,
  },
  MaintenanceNotificationItem: {
    may: 'CNU',
    key: 'MaintenanceNotification s12, MaintenanceNotificationItem s4#',
    write: `
      MaintNotifItemText s40, MaintNotifDamageCodeGroup s8, MaintNotificationDamageCode s4,
      MaintNotifObjPrtCodeGroup s8, MaintNotifObjPrtCode s4`,
    read: `
      MaintNotifDamageCodeGroupName s40, MaintNotifDamageCodeName s40, MaintNotifObjPrtCodeGroupName s40,
      MaintNotifObjPrtCodeName s40, IsDeleted b, MaintNotifItemChangedDateTime dto,
      MaintNotifItemCreationDateTime dto`,
    nav: `
      to_Notif MaintenanceNotification 1, to_ItemActivity MaintNotificationItemActivity *, to_ItemCause
      MaintNotificationItemCause *`,
  },
  MaintNotificationItemCause: {
    may: 'CNU',
    key: 'MaintenanceNotification s12, MaintenanceNotificationItem s4#, MaintenanceNotificationCause s4#',
    write: `
      MaintNotifCauseText s40, MaintNotifCauseCodeGroup s8, MaintNotificationCauseCode s4,
      MaintNotificationRootCause s1`,
    read: `
      MaintNotifCauseCodeGroupName s40, MaintNotificationCauseCodeName s40, MaintNotificationRootCauseText
      s60, IsDeleted b, MaintNotifItmCauseChgdDateTime dto, MaintNotifItmCauseCrtnDateTime dto`,
    nav: `
      to_Item MaintenanceNotificationItem 1, to_Notif MaintenanceNotification 1`,
  },
  MaintNotificationItemActivity: {
    may: 'CNU',
    key: 'MaintNotificationActivity s4#, MaintenanceNotification s12, MaintenanceNotificationItem s4#',
    write: `
      MaintNotifActivitySortNumber s4#, MaintNotifActyTxt s40, MaintNotifActivityCodeGroup s8,
      MaintNotificationActivityCode s4, PlannedStartDate d, PlannedStartTime t, PlannedEndDate d,
      PlannedEndTime t`,
    read: `
      NotifActivityCodeGroupText s40, NotifActivityCodeText s40, IsDeleted b,
      MaintNotifItmActyStrtDateTime dto, MaintNotifItemActyEndDateTime dto, MaintNotifItemActyCrtnDateTime
      dto, MaintNotifItemActyChgdDateTime dto`,
    nav: `
      to_Item MaintenanceNotificationItem 1, to_Notif MaintenanceNotification 1`,
  },
  MaintenanceNotificationPartner: {
    may: 'CNU',
    key: 'MaintenanceNotification s12, PartnerFunction s2, NotificationPartnerObjectNmbr s6#',
    write: `
      Partner s12!`,
    nav: `
      to_Notif MaintenanceNotification 1`,
  },
  MaintNotificationEffectCode: {
    may: 'CNUD',
    key: 'MaintenanceNotification s12, MaintenanceNotificationEffect s4#',
    write: `
      MaintNotifEffectCodeGroup s8, MaintNotifEffectCode s4`,
    read: `
      MaintNotifEffectCatalog s1, CreatedByUser s12, CreationDateTime dto, LastChangedByUser s12,
      LastChangeDateTime dto, MaintNotifEffectCodeGrpText s40, MaintNotifEffectCtlgCodeText s40`,
    nav: `
      to_Notif MaintenanceNotification 1`,
  },
};
