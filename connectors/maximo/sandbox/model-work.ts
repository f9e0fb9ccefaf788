/** Data dictionary of work: work orders with their children, service requests, plans (contract 2.3). Data only. */
import type { MboSource } from './model.ts';

const INTEGRATION = 'externalrefid:a10 sourcesysid:a10 ownersysid:a10 sendersysid:a50';

const WORKORDER_CHILD = { siteid: 'siteid' } as const;

export const WORK_MBOS: Readonly<Record<string, MboSource>> = {
  WORKORDER: {
    uid: 'workorderid',
    keys: ['siteid', 'wonum'],
    attributes: `wonum:u25 siteid:u8@SITE orgid:u8!r workorderid:b!r description:a100 description_longdescription:t!n
      status:u16#WOSTATUS statusdate:dt!r woclass:u16 istask:y taskid:i parent:u25 wogroup:u25!r worktype:u5@WORKTYPE
      wopriority:i calcpriority:i!r assetlocpriority:i!r assetnum:u25@ASSET location:u12@LOCATIONS failurecode:u8
      problemcode:u8 reportedby:u30@PERSON reportdate:dt phone:a20 onbehalfof:u30@PERSON supervisor:u30@PERSON
      lead:u30@PERSON owner:u30@PERSON ownergroup:u8 persongroup:u8 crewid:u12 crewworkgroup:u12 amcrew:u20 vendor:u12
      targstartdate:dt targcompdate:dt schedstart:dt schedfinish:dt actstart:dt actfinish:dt sneconstraint:dt
      fnlconstraint:dt estdur:h remdur:h estlabhrs:h!r actlabhrs:h!r estlabcost:m!r actlabcost:m!r estmatcost:m!r
      actmatcost:m!r esttoolcost:m!r acttoolcost:m!r estservcost:m!r actservcost:m!r jpnum:u10@JOBPLAN pmnum:u8
      route:u8 safetyplanid:u8!n haschildren:y!r hasfollowupwork:y!r historyflag:y!r disabled:y!r glaccount:u23
      commoditygroup:u8 commodity:u8 classstructureid:u20 downtime:y interruptible:y parentchgsstatus:y
      flowcontrolled:y woacceptscharges:y chargestore:y changedate:dt!r changeby:u30!r ${INTEGRATION}
      np_statusmemo:a50!n statusiface:y!n statusifacedate:dt!n woeq1:a10 woeq2:a10 woeq3:a10 woeq4:a10 wojp1:a10
      wojp2:a10 wojp3:a10 wol1:a10 wol2:a10 wolo1:a20 wolo2:a20`,
    relations: {
      woactivity: {
        to: 'WORKORDER',
        link: { parent: 'wonum', siteid: 'siteid' },
        fixed: { istask: true, woclass: 'ACTIVITY' },
        matchBy: ['taskid', 'wonum'],
      },
      wplabor: { to: 'WPLABOR', segment: 'showplanlabor', link: { wonum: 'wonum', ...WORKORDER_CHILD } },
      wpmaterial: {
        to: 'WPMATERIAL',
        segment: 'showplanmaterial',
        link: { wonum: 'wonum', ...WORKORDER_CHILD },
      },
      labtrans: {
        to: 'LABTRANS',
        segment: 'uxshowactuallabor',
        link: { refwo: 'wonum', ...WORKORDER_CHILD },
      },
      matusetrans: {
        to: 'MATUSETRANS',
        segment: 'uxshowactualmaterial',
        link: { refwo: 'wonum', ...WORKORDER_CHILD },
      },
      failurereport: {
        to: 'FAILUREREPORT',
        segment: 'uxshowfailurereport',
        link: { wonum: 'wonum', ...WORKORDER_CHILD },
        matchBy: ['type'],
      },
      assignment: {
        to: 'ASSIGNMENT',
        segment: 'showassignment',
        link: { wonum: 'wonum', ...WORKORDER_CHILD },
      },
      worklog: {
        to: 'WORKLOG',
        segment: 'woworklog',
        link: { recordkey: 'wonum', ...WORKORDER_CHILD },
        fixed: { class: 'WORKORDER' },
      },
      wostatus: { to: 'WOSTATUS', link: { wonum: 'wonum', ...WORKORDER_CHILD } },
      asset: { to: 'ASSET', link: { assetnum: 'assetnum', siteid: 'siteid' }, one: true },
      location: { to: 'LOCATIONS', link: { location: 'location', siteid: 'siteid' }, one: true },
      pm: { to: 'PM', link: { pmnum: 'pmnum', siteid: 'siteid' }, one: true },
    },
  },
  WPLABOR: {
    uid: 'wplaborid',
    keys: ['wplaborid'],
    attributes: `wplaborid:b!r wonum:u25 siteid:u8 orgid:u8 taskid:i craft:u8 skilllevel:u15 laborcode:u8@LABOR
      laborhrs:h quantity:n rate:m`,
  },
  WPMATERIAL: {
    uid: 'wpitemid',
    keys: ['wpitemid'],
    attributes: `wpitemid:b!r wonum:u25 siteid:u8 orgid:u8 taskid:i itemnum:u30@ITEM itemsetid:u8 itemqty:n location:u12
      storelocsite:u8 linetype:u15 unitcost:m linecost:m!r directreq:y description:a100`,
  },
  LABTRANS: {
    uid: 'labtransid',
    keys: ['labtransid'],
    required: ['laborcode'],
    attributes: `labtransid:b!r refwo:u25 siteid:u8 orgid:u8 laborcode:u8@LABOR craft:u8 regularhrs:h startdate:d
      starttime:a8 finishdate:d finishtime:a8 startdatetime:dt finishdatetime:dt transtype:u12 payrate:m linecost:m!r
      genapprservreceipt:y transdate:dt!r enterdate:dt!r enterby:u30!r`,
  },
  MATUSETRANS: {
    uid: 'matusetransid',
    keys: ['matusetransid'],
    required: ['itemnum', 'quantity', 'storeloc'],
    attributes: `matusetransid:b!r refwo:u25 siteid:u8 orgid:u8 itemnum:u30@ITEM itemsetid:u8 storeloc:u12 quantity:n
      positivequantity:n!n issuetype:u16 binnum:u8 lotnum:u8 unitcost:m linecost:m!r actualdate:dt transdate:dt!r
      enterby:u30!r`,
  },
  FAILUREREPORT: {
    uid: 'failurereportid',
    keys: ['failurereportid'],
    attributes: 'failurereportid:b!r wonum:u25 siteid:u8 orgid:u8 type:u20 failurecode:u8 linenum:i',
  },
  ASSIGNMENT: {
    uid: 'assignmentid',
    keys: ['assignmentid'],
    attributes: `assignmentid:b!r wonum:u25 siteid:u8 orgid:u8 laborcode:u8@LABOR craft:u8 status:u16 scheduledate:dt
      laborhrs:h`,
  },
  WORKLOG: {
    uid: 'worklogid',
    keys: ['worklogid'],
    attributes: `worklogid:b!r recordkey:u25 class:u16 siteid:u8 orgid:u8 description:a100
      description_longdescription:t!n logtype:u16 createby:u30@PERSON createdate:dt modifydate:dt!r modifyby:u30!r
      clientviewable:y`,
  },
  WOSTATUS: {
    uid: 'wostatusid',
    keys: ['wostatusid'],
    attributes:
      'wostatusid:b!r wonum:u25!r siteid:u8!r orgid:u8!r status:u16!r#WOSTATUS changedate:dt!r changeby:u30!r memo:a50!r',
  },
  SR: {
    uid: 'ticketuid',
    keys: ['class', 'ticketid'],
    attributes: `ticketid:u25 ticketuid:b!r class:u16 description:a100 description_longdescription:t!n
      status:u16#SRSTATUS statusdate:dt!r siteid:u8@SITE orgid:u8!r assetnum:u25@ASSET assetsiteid:u8 assetorgid:u8
      location:u12@LOCATIONS reportedby:u30@PERSON reportdate:dt reportedphone:a20 reportedemail:a100
      affectedperson:u30@PERSON affecteddate:dt reportedpriority:i internalpriority:i impact:i urgency:i
      owner:u30@PERSON ownergroup:u8 supervisor:u30@PERSON classstructureid:u20 failurecode:u8 problemcode:u8
      targetstart:dt targetfinish:dt actualstart:dt actualfinish:dt source:u16 externalrecid:a20 origrecordid:u25
      origrecordclass:u16 historyflag:y!r changedate:dt!r changeby:u30!r np_statusmemo:a50!n`,
    relations: {
      worklog: {
        to: 'WORKLOG',
        link: { recordkey: 'ticketid', class: 'class' },
      },
      asset: { to: 'ASSET', link: { assetnum: 'assetnum', siteid: 'siteid' }, one: true },
      location: { to: 'LOCATIONS', link: { location: 'location', siteid: 'siteid' }, one: true },
    },
  },
  PM: {
    uid: 'pmuid',
    keys: ['pmnum', 'siteid'],
    required: ['pmnum'],
    attributes: `pmnum:u8 pmuid:b!r siteid:u8@SITE orgid:u8!r description:a100 description_longdescription:t!n
      status:u16#PMSTATUS statusdate:dt!r assetnum:u25@ASSET location:u12@LOCATIONS route:u8 worktype:u5@WORKTYPE
      priority:i jpnum:u10@JOBPLAN frequency:i frequnit:u8 firstdate:d nextdate:d extdate:d lastcompdate:d
      laststartdate:d usetargetdate:y adjnextdue:y leadtime:i leadtimeactive:y!n wostatus:u16#WOSTATUS pmcounter:i!r
      sunday:y monday:y tuesday:y wednesday:y thursday:y friday:y saturday:y schedearly:y supervisor:u30@PERSON
      lead:u30@PERSON owner:u30@PERSON ownergroup:u8 persongroup:u8 calendar:u8 storeloc:u12 glaccount:u23
      masterpm:u8 parent:u8 haschildren:y!r usefrequency:y pmassetwogen:y changedate:dt!r changeby:u30!r`,
    relations: {
      pmmeter: { to: 'PMMETER', link: { pmnum: 'pmnum', siteid: 'siteid' }, matchBy: ['metername'] },
      asset: { to: 'ASSET', link: { assetnum: 'assetnum', siteid: 'siteid' }, one: true },
    },
  },
  PMMETER: {
    uid: 'pmmeterid',
    keys: ['pmnum', 'siteid', 'metername'],
    attributes: `pmmeterid:b!r pmnum:u8 siteid:u8 orgid:u8 metername:u30@METER frequency:n alertlead:n tolerance:n
      readingatnextwo:a18 ltdlastpmworead:n!r lastpmwogenread:a18!r unitstogo:n!rn dateofnextwo:d!rn`,
  },
  JOBPLAN: {
    uid: 'jobplanid',
    keys: ['jpnum', 'orgid', 'siteid', 'pluscrevnum'],
    required: ['jpnum'],
    attributes: `jpnum:u10 jobplanid:b!r orgid:u8 siteid:u8@SITE pluscrevnum:i description:a100 status:u16 jpduration:h
      priority:i supervisor:u30@PERSON lead:u30@PERSON templatetype:u16`,
    relations: {
      jobtask: { to: 'JOBTASK', link: { jpnum: 'jpnum', siteid: 'siteid' }, matchBy: ['jptask'] },
    },
  },
  JOBTASK: {
    uid: 'jobtaskid',
    keys: ['jobtaskid'],
    attributes: 'jobtaskid:b!r jpnum:u10 siteid:u8 orgid:u8 jptask:i description:a100 taskduration:h',
  },
};
