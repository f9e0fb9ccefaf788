/** Data dictionary of assets, locations, meters, stock and people (contract 2.3). Data only. */
import type { MboSource } from './model.ts';

const INTEGRATION = 'externalrefid:a10 sourcesysid:a10 ownersysid:a10 sendersysid:a50';

const METER_STATE = `active:y lastreading:a18!r lastreadingdate:dt!r lastreadinginspctr:u30!r lifetodate:n!r average:n
  rollover:n readingtype:u16 avgcalcmethod:u16 slidingwindowsize:i rolldownsource:u16 measureunitid:u16 remarks:a50
  changedate:dt!r changeby:u30!r newreading:a18!n newreadingdate:dt!n inspector:u30!n isdelta:y!n dorollover:y!n
  domainid:u18!n`;

export const ASSET_MBOS: Readonly<Record<string, MboSource>> = {
  ASSET: {
    uid: 'assetuid',
    keys: ['assetnum', 'siteid'],
    required: ['assetnum'],
    attributes: `assetnum:u25 siteid:u8@SITE orgid:u8!r assetid:b!r assetuid:b!r description:a100
      description_longdescription:t!n status:u20#LOCASSETSTATUS statusdate:dt!r location:u12@LOCATIONS parent:u25@ASSET
      assettype:u15 serialnum:a64 assettag:a64 manufacturer:u12 vendor:u12 installdate:d warrantyexpdate:d priority:i
      purchaseprice:m replacecost:m totalcost:m!r ytdcost:m!r isrunning:y disabled:y!r moved:y!r itemnum:u30@ITEM
      itemsetid:u8 failurecode:u8 classstructureid:u20 glaccount:u23 children:y!r changedate:dt!r changeby:u30!r
      ${INTEGRATION} eq1:a10 eq2:a10 eq3:a10 eq4:a10 eq5:n eq6:dt eq7:a10 eq8:a10 eq23:d eq24:n hierarchypath:a254!rn`,
    relations: {
      assetmeter: {
        to: 'ASSETMETER',
        segment: 'int_assetmeter',
        link: { assetnum: 'assetnum', siteid: 'siteid' },
        matchBy: ['metername'],
      },
      assetspec: {
        to: 'ASSETSPEC',
        segment: 'assetspecclass',
        link: { assetnum: 'assetnum', siteid: 'siteid' },
        matchBy: ['assetattrid'],
      },
      openwo: {
        to: 'WORKORDER',
        link: { assetnum: 'assetnum', siteid: 'siteid' },
        fixed: { historyflag: false },
      },
      location: { to: 'LOCATIONS', link: { location: 'location', siteid: 'siteid' }, one: true },
      parent: { to: 'ASSET', link: { assetnum: 'parent', siteid: 'siteid' }, one: true },
    },
  },
  ASSETSPEC: {
    uid: 'assetspecid',
    keys: ['assetspecid'],
    attributes:
      'assetspecid:b!r assetnum:u25 siteid:u8 orgid:u8 assetattrid:u8 alnvalue:a254 numvalue:n measureunitid:u16',
  },
  ASSETMETER: {
    uid: 'assetmeterid',
    keys: ['assetnum', 'linearassetmeterid', 'metername', 'siteid'],
    required: ['assetnum', 'metername'],
    attributes: `assetmeterid:b!r assetnum:u25@ASSET siteid:u8@SITE orgid:u8!r linearassetmeterid:i metername:u30@METER
      ${METER_STATE}`,
    relations: {
      meterreading: {
        to: 'METERREADING',
        link: { assetnum: 'assetnum', metername: 'metername', siteid: 'siteid' },
      },
      measurement: {
        to: 'MEASUREMENT',
        link: { assetnum: 'assetnum', metername: 'metername', siteid: 'siteid' },
      },
      meter: { to: 'METER', link: { metername: 'metername' }, one: true },
      asset: { to: 'ASSET', link: { assetnum: 'assetnum', siteid: 'siteid' }, one: true },
    },
  },
  LOCATIONMETER: {
    uid: 'locationmeterid',
    keys: ['location', 'metername', 'siteid'],
    required: ['location', 'metername'],
    attributes: `locationmeterid:b!r location:u32@LOCATIONS siteid:u8@SITE orgid:u8!r metername:u30@METER ${METER_STATE}`,
    relations: {
      meterreading: {
        to: 'METERREADING',
        link: { location: 'location', metername: 'metername', siteid: 'siteid' },
      },
      measurement: {
        to: 'MEASUREMENT',
        link: { location: 'location', metername: 'metername', siteid: 'siteid' },
      },
      meter: { to: 'METER', link: { metername: 'metername' }, one: true },
    },
  },
  METERREADING: {
    uid: 'meterreadingid',
    keys: ['meterreadingid'],
    attributes: `meterreadingid:b!r assetnum:u25!r location:u32!r siteid:u8!r metername:u30!r reading:a18!r delta:n!r
      readingdate:dt!r inspector:u30!r enterdate:dt!r readingsource:u16!r didrollover:y!r`,
  },
  MEASUREMENT: {
    uid: 'measurementid',
    keys: ['measurementid'],
    attributes: `measurementid:b!r assetnum:u25!r location:u32!r siteid:u8!r metername:u30!r pointnum:u8!r
      measurementvalue:n!r observation:a18!r measuredate:dt!r inspector:u30!r`,
  },
  METER: {
    uid: 'meterid',
    keys: ['metername'],
    required: ['metername', 'metertype'],
    attributes: `metername:u30 meterid:b!r metertype:u14 readingtype:u16 measureunitid:u16 domainid:u18 description:a100`,
  },
  LOCATIONS: {
    uid: 'locationsid',
    keys: ['location', 'siteid'],
    required: ['location'],
    attributes: `location:u12 siteid:u8@SITE orgid:u8!r locationsid:b!r description:a100 description_longdescription:t!n
      type:u16#LOCTYPE status:u20#LOCASSETSTATUS statusdate:dt!r disabled:y!r glaccount:u23 classstructureid:u20
      isrepairfacility:y changedate:dt!r changeby:u30!r ${INTEGRATION} parent:u12!n@LOCATIONS systemid:u8!n
      children:y!rn haschildren:y!rn hasparent:y!rn failurecode:u8!n locpriority:i!n itemnum:u30!n
      hierarchypath:a254!rn`,
    relations: {
      lochierarchy: {
        to: 'LOCHIERARCHY',
        link: { location: 'location', siteid: 'siteid' },
        matchBy: ['systemid'],
      },
      locationmeter: {
        to: 'LOCATIONMETER',
        segment: 'int_locationmeter',
        link: { location: 'location', siteid: 'siteid' },
        matchBy: ['metername'],
      },
      assets: { to: 'ASSET', link: { location: 'location', siteid: 'siteid' } },
    },
  },
  LOCHIERARCHY: {
    uid: 'lochierarchyid',
    keys: ['siteid', 'location', 'systemid'],
    attributes: 'lochierarchyid:b!r location:u12 siteid:u8 orgid:u8 systemid:u8 parent:u12 children:y!r',
  },
  ITEM: {
    uid: 'itemid',
    keys: ['itemnum', 'itemsetid'],
    required: ['itemnum'],
    attributes: `itemnum:u30 itemsetid:u8 itemid:b!r description:a100 description_longdescription:t!n itemtype:u15
      status:u15#ITEMSTATUS statusdate:dt!r rotating:y lottype:u16 issueunit:u16 orderunit:u16 commoditygroup:u8
      commodity:u8 metername:u30 classstructureid:u20 ${INTEGRATION} in19:a10 in20:a10 in21:a10 in22:a10 in23:a10
      in24:dt in25:n in26:n in27:a10`,
  },
  INVENTORY: {
    uid: 'inventoryid',
    keys: ['itemnum', 'itemsetid', 'location', 'siteid'],
    required: ['itemnum', 'location'],
    attributes: `itemnum:u30@ITEM itemsetid:u8 location:u12@LOCATIONS siteid:u8@SITE orgid:u8!r inventoryid:b!r
      issueunit:u16 category:u16 costtype:u16 minlevel:n maxlevel:n sstock:n orderqty:n orderunit:u16 reorder:y ccf:i
      deliverytime:i abctype:u1 binnum:u8 vendor:u12 manufacturer:u12 modelnum:a8 catalogcode:a30
      status:u15#ITEMSTATUS statusdate:dt!r issueytd:n!r lastissuedate:d!r curbal:n!rn curbaltotal:n!rn
      avblbalance:n!rn reservedqty:n!rn avgcost:m!rn stdcost:m!rn lastcost:m!rn`,
    relations: {
      invbalances: {
        to: 'INVBALANCES',
        link: { itemnum: 'itemnum', itemsetid: 'itemsetid', location: 'location', siteid: 'siteid' },
        matchBy: ['binnum'],
      },
      invcost: {
        to: 'INVCOST',
        link: { itemnum: 'itemnum', itemsetid: 'itemsetid', location: 'location', siteid: 'siteid' },
      },
      item: { to: 'ITEM', link: { itemnum: 'itemnum', itemsetid: 'itemsetid' }, one: true },
    },
  },
  INVBALANCES: {
    uid: 'invbalancesid',
    keys: ['itemnum', 'itemsetid', 'location', 'binnum', 'lotnum', 'conditioncode', 'siteid'],
    attributes: `invbalancesid:b!r itemnum:u30 itemsetid:u8 location:u12 siteid:u8 orgid:u8 binnum:u8 lotnum:u8
      conditioncode:u30 curbal:n!r physcnt:n!r physcntdate:dt!r stagingbin:y!r`,
  },
  INVCOST: {
    uid: 'invcostid',
    keys: ['invcostid'],
    attributes: `invcostid:b!r itemnum:u30!r itemsetid:u8!r location:u12!r siteid:u8!r orgid:u8!r avgcost:m!r stdcost:m!r
      lastcost:m!r`,
  },
  PERSON: {
    uid: 'personuid',
    keys: ['personid'],
    required: ['personid'],
    attributes: `personid:u30 personuid:b!r displayname:a62 firstname:a30 lastname:a30 status:u12#PERSONSTATUS
      statusdate:dt!r department:u30 title:a30 supervisor:u30@PERSON location:u12 locationsite:u8 locationorg:u8
      primaryemail:a100!n primaryphone:a20!n primarysms:a20 language:u8 locale:a5 timezone:a40`,
    relations: {
      phone: { to: 'PHONE', link: { personid: 'personid' }, matchBy: ['phonenum'] },
      email: { to: 'EMAIL', link: { personid: 'personid' }, matchBy: ['emailaddress'] },
    },
  },
  PHONE: {
    uid: 'phoneid',
    keys: ['phoneid'],
    attributes: 'phoneid:b!r personid:u30 phonenum:a20 type:a20 isprimary:y',
  },
  EMAIL: {
    uid: 'emailid',
    keys: ['emailid'],
    attributes: 'emailid:b!r personid:u30 emailaddress:a100 type:a20 isprimary:y',
  },
  LABOR: {
    uid: 'laborid',
    keys: ['laborcode', 'orgid'],
    required: ['laborcode'],
    attributes: `laborcode:u8 orgid:u8 laborid:b!r personid:u30@PERSON status:u12 worksite:u8 worklocation:u12 crewid:u12`,
    relations: { person: { to: 'PERSON', link: { personid: 'personid' }, one: true } },
  },
  WORKTYPE: {
    uid: 'worktypeid',
    keys: ['worktypeid'],
    attributes: `worktypeid:b!r orgid:u8 woclass:u16 worktype:u5 wtypedesc:a50 startstatus:u16 completestatus:u16
      promptfail:y type:u16`,
  },
  SYNONYMDOMAIN: {
    uid: 'synonymdomainid',
    keys: ['domainid', 'value', 'siteid', 'orgid'],
    attributes: `synonymdomainid:b!r domainid:u18 value:a50 maxvalue:a50 description:a100 defaults:y siteid:u8 orgid:u8
      valueid:a256`,
  },
};
