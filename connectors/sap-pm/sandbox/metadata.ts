/** `$metadata` as EDMX (V2) or CSDL (V4), and the service documents. Follows the dials that take away or rename fields. */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import { jsonAnswer, versionHeaders } from './answer.ts';
import { parseParameters, type FunctionImport } from './function-import.ts';
import { functionsOf } from './functions.ts';
import { MEASURING_ACTIONS } from './functions-measuring.ts';
import { visibleFields } from './metadata-dials.ts';
import type { EntitySet, Field, Nav } from './schema.ts';
import type { Call } from './world.ts';

const V2_TYPES: Readonly<Record<Field['kind'], string>> = {
  s: 'Edm.String',
  d: 'Edm.DateTime',
  dto: 'Edm.DateTimeOffset',
  t: 'Edm.Time',
  b: 'Edm.Boolean',
  byte: 'Edm.Byte',
  i16: 'Edm.Int16',
  i32: 'Edm.Int32',
  i64: 'Edm.Int64',
  dbl: 'Edm.Double',
  n: 'Edm.Decimal',
};
const V4_TYPES: Readonly<Record<Field['kind'], string>> = { ...V2_TYPES, d: 'Edm.Date', t: 'Edm.TimeOfDay' };

function facets(field: Field, v2: boolean): string {
  const type = v2 ? V2_TYPES[field.kind] : V4_TYPES[field.kind];
  const length = field.length === undefined ? '' : ` MaxLength="${field.length}"`;
  const decimal =
    field.kind === 'n' ? ` Precision="${field.precision ?? 31}" Scale="${field.scale ?? 0}"` : '';
  const date =
    v2 && (field.kind === 'd' || field.kind === 'dto' || field.kind === 't') ? ' Precision="0"' : '';
  return ` Type="${type}"${length}${decimal}${date}`;
}

function flag(name: string, value: boolean): string {
  return value ? '' : ` sap:${name}="false"`;
}

/** What the create and update rights of the set leave of a property's own. */
function rights(set: EntitySet, field: Field): string {
  return (
    flag('creatable', field.creatable && /[CN]/.test(set.may)) +
    flag('updatable', field.updatable && set.may.includes('U')) +
    flag('sortable', field.sortable) +
    flag('filterable', field.filterable)
  );
}

function propertyV2(set: EntitySet, field: Field, name: string): string {
  const key = set.keys.includes(field);
  const display =
    field.kind === 'd' ? ' sap:display-format="Date"' : field.numc ? ' sap:display-format="NonNegative"' : '';
  const nullable = key ? ' Nullable="false"' : '';
  return `<Property Name="${name}"${facets(field, true)}${nullable}${display} sap:label="${name}"${rights(set, field)}/>`;
}

function keyXml(set: EntitySet): string {
  return `<Key>${set.keys.map(({ name }) => `<PropertyRef Name="${name}"/>`).join('')}</Key>`;
}

interface Association {
  name: string;
  from: EntitySet;
  nav: Nav;
  to: EntitySet;
}

function associations(call: Call): Association[] {
  const { sets } = call.service;
  return [...sets.values()].flatMap((from) =>
    [...from.navs.values()].flatMap((nav): Association[] => {
      const to = sets.get(nav.target);
      return to === undefined ? [] : [{ name: `assoc_${from.name}_${nav.name}`, from, nav, to }];
    }),
  );
}

function functionXml(name: string, spec: FunctionImport, namespace: string, call: Call): string {
  const set = call.service.sets.get(spec.set);
  const type = set === undefined ? '' : `${namespace}.${set.type}`;
  const returns =
    spec.returns === 'dummy'
      ? ` ReturnType="${namespace}.DummyFunctionImportResult"`
      : spec.returns === 'list'
        ? ` ReturnType="Collection(${type})" EntitySet="${spec.set}"`
        : ` ReturnType="${type}" EntitySet="${spec.set}"`;
  const parameters = parseParameters(spec.parameters)
    .map(
      (field) =>
        `<Parameter Name="${field.name}"${facets(field, true)} Mode="In"${field.required ? '' : ' Nullable="true"'}/>`,
    )
    .join('');
  const method = spec.method ?? 'POST';
  const action = set === undefined ? '' : ` sap:action-for="${type}"`;
  return `<FunctionImport Name="${name}"${returns} m:HttpMethod="${method}"${action}>${parameters}</FunctionImport>`;
}

/** For orders the source of the etag is not named (contract 1.5). */
const SOURCE_NAMED = new Set(['MaintenanceNotification', 'Equipment', 'FunctionalLocation']);

function restrictions(call: Call): string {
  const { namespace, sets } = call.service;
  return [...sets.values()]
    .filter((set) => !set.free)
    .map(
      (set) =>
        `<Annotations xmlns="http://docs.oasis-open.org/odata/ns/edm" Target="${namespace}.${namespace}_Entities/${set.name}">` +
        `<Annotation Term="Core.OptimisticConcurrency"><Collection>${SOURCE_NAMED.has(set.name) ? '<PropertyPath>LastChangeDateTime</PropertyPath>' : ''}</Collection></Annotation></Annotations>`,
    )
    .join('');
}

/** Generators take the address of the service from here. */
function selfLinks(call: Call): string {
  const link = (rel: string, root: string): string =>
    `<atom:link rel="${rel}" href="${root}/$metadata" xmlns:atom="http://www.w3.org/2005/Atom"/>`;
  const latest =
    call.service.name === 'API_MAINTENANCEORDER' ? `${call.root.replace(/;v=\d+$/, '')};v=2` : call.root;
  return link('self', call.root) + link('latest-version', latest);
}

function edmxV2(call: Call): string {
  const { service, world } = call;
  const { namespace, sets } = service;
  const links = associations(call);
  const types = [...sets.values()].map((set) => {
    const own = visibleFields(world.dials, set).map(({ field, name }) => propertyV2(set, field, name));
    const navs = links
      .filter(({ from }) => from === set)
      .map(
        ({ name, nav }) =>
          `<NavigationProperty Name="${nav.name}" Relationship="${namespace}.${name}" FromRole="FromRole_${name}" ToRole="ToRole_${name}"/>`,
      );
    const media = set.name === 'AttachmentContentSet' ? ' m:HasStream="true"' : '';
    return `<EntityType Name="${set.type}"${media} sap:content-version="1">${keyXml(set)}${own.join('')}${navs.join('')}</EntityType>`;
  });
  const ends = links.map(
    ({ name, from, to, nav }) =>
      `<Association Name="${name}" sap:content-version="1"><End Type="${namespace}.${from.type}" Multiplicity="1" Role="FromRole_${name}"/>` +
      `<End Type="${namespace}.${to.type}" Multiplicity="${nav.many ? '*' : '0..1'}" Role="ToRole_${name}"/></Association>`,
  );
  const container = [
    ...[...sets.values()].map(
      (set) =>
        `<EntitySet Name="${set.name}" EntityType="${namespace}.${set.type}"${flag('creatable', set.may.includes('C'))}` +
        `${flag('updatable', set.may.includes('U'))}${flag('deletable', set.may.includes('D'))} sap:content-version="1"/>`,
    ),
    ...links.map(
      ({ name, from, to }) =>
        `<AssociationSet Name="${name}_set" Association="${namespace}.${name}" sap:content-version="1"><End EntitySet="${from.name}" Role="FromRole_${name}"/><End EntitySet="${to.name}" Role="ToRole_${name}"/></AssociationSet>`,
    ),
    ...Object.entries(functionsOf(service)).map(([name, spec]) => functionXml(name, spec, namespace, call)),
  ];
  const dummy =
    '<ComplexType Name="DummyFunctionImportResult"><Property Name="IsInvalid" Type="Edm.Boolean" sap:label="TRUE"/></ComplexType>';
  return (
    '<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" xmlns:sap="http://www.sap.com/Protocols/SAPData">' +
    '<edmx:DataServices m:DataServiceVersion="2.0">' +
    `<Schema Namespace="${namespace}" xml:lang="en" sap:schema-version="${Number(service.version)}" xmlns="http://schemas.microsoft.com/ado/2008/09/edm">` +
    `${types.join('')}${dummy}${ends.join('')}` +
    `<EntityContainer Name="${namespace}_Entities" m:IsDefaultEntityContainer="true" sap:supported-formats="atom json xlsx">${container.join('')}</EntityContainer>` +
    `${selfLinks(call)}${restrictions(call)}</Schema></edmx:DataServices></edmx:Edmx>`
  );
}

function propertyV4(set: EntitySet, field: Field, name: string): string {
  const key = set.keys.includes(field);
  const nullable = key || (field.kind !== 'd' && field.kind !== 'dto') ? ' Nullable="false"' : '';
  return `<Property Name="${name}"${facets(field, false)}${nullable}/>`;
}

function edmxV4(call: Call): string {
  const { service, world } = call;
  const { namespace, sets } = service;
  const types = [...sets.values()].map((set) => {
    const own = visibleFields(world.dials, set).map(({ field, name }) => propertyV4(set, field, name));
    const navs = [...set.navs.values()].map((nav) => {
      const target = `${namespace}.${sets.get(nav.target)?.type ?? ''}`;
      return `<NavigationProperty Name="${nav.name}" Type="${nav.many ? `Collection(${target})` : target}"/>`;
    });
    const messages =
      '<Property Name="SAP__Messages" Type="Collection(' + namespace + '.SAP__Message)" Nullable="false"/>';
    return `<EntityType Name="${set.type}">${keyXml(set)}${own.join('')}${messages}${navs.join('')}</EntityType>`;
  });
  const actions = Object.entries(MEASURING_ACTIONS).flatMap(([full, spec]) => {
    const [owner = '', name = ''] = full.split('.');
    const set = sets.get(owner);
    if (set === undefined) return [];
    const parameters = parseParameters(spec.parameters).map(
      (field) => `<Parameter Name="${field.name}"${facets(field, false)} Nullable="false"/>`,
    );
    return [
      `<Action Name="${name}" IsBound="true" EntitySetPath="_it"><Parameter Name="_it" Type="${namespace}.${set.type}" Nullable="false"/>${parameters.join('')}<ReturnType Type="${namespace}.${set.type}" Nullable="false"/></Action>`,
    ];
  });
  const container = [...sets.values()].map((set) => {
    const bindings = [...set.navs.values()].map(
      (nav) => `<NavigationPropertyBinding Path="${nav.name}" Target="${nav.target}"/>`,
    );
    return `<EntitySet Name="${set.name}" EntityType="${namespace}.${set.type}">${bindings.join('')}</EntitySet>`;
  });
  const message =
    '<ComplexType Name="SAP__Message"><Property Name="code" Type="Edm.String" Nullable="false"/><Property Name="message" Type="Edm.String" Nullable="false"/>' +
    '<Property Name="target" Type="Edm.String"/><Property Name="additionalTargets" Type="Collection(Edm.String)" Nullable="false"/><Property Name="transition" Type="Edm.Boolean" Nullable="false"/>' +
    '<Property Name="numericSeverity" Type="Edm.Byte" Nullable="false"/><Property Name="longtextUrl" Type="Edm.String"/></ComplexType>';
  return (
    '<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>' +
    `<Schema Namespace="${namespace}" Alias="SAP__self" xmlns="http://docs.oasis-open.org/odata/ns/edm">${types.join('')}${message}${actions.join('')}` +
    `<EntityContainer Name="Container">${container.join('')}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`
  );
}

export function metadataOf(call: Call): SandboxResponse {
  const body = call.service.protocol === 2 ? edmxV2(call) : edmxV4(call);
  return {
    status: 200,
    headers: { 'content-type': 'application/xml;charset=utf-8', ...versionHeaders(call) },
    body,
  };
}

export function serviceDocument(call: Call): SandboxResponse {
  const names = [...call.service.sets.keys()];
  const body =
    call.service.protocol === 2
      ? { d: { EntitySets: names } }
      : {
          '@odata.context': '$metadata',
          value: names.map((name) => ({ name, kind: 'EntitySet', url: name })),
        };
  return jsonAnswer(call, 200, JSON.stringify(body));
}
