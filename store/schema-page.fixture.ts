/**
 * The schema that all migrations make, as a page to read (docs/schema.md): asked of PostgreSQL's own catalogues, in an order that does
 * not depend on when something was made. What a table is for is said here; everything else is what the server says.
 */
import type pg from 'pg';

/** What each table holds, in the order in which the page shows them. */
const TABLES: Readonly<Record<string, string>> = {
  tenant: 'Plants. The only table whose rows every session sees: a tenant is looked up in it.',
  connection: 'A system that is kept in step, with its settings.',
  connection_secret: 'Credentials and tokens of connections, sealed.',
  connection_login: 'Who logs in at a system now; ends by itself when its process dies.',
  throttle: "The next free slot in a system's budget of requests.",
  hub_record:
    'The canonical records, all entities in one table; columns `listed_...` repeat what lists are filtered by.',
  hub_key: 'Hashes of what first-link matching looks records up by.',
  number_counter: 'The next number of each entity, such as WO-000123.',
  hub_comment: 'Comments on records.',
  meter_reading: 'Readings of meters.',
  plan_member: 'The assets of maintenance plans that are of several; a trigger on hub_record keeps it.',
  change:
    'The change feed, in the order of transactions and sequence; a row for what a transaction changed at once. The view changed_record shows single records.',
  cursor: 'How far each connection has read: the system by pages and sweeps, the hub by the feed.',
  link: 'What is the same thing on both sides, with the two bases of the merge.',
  comment_link: 'Comments of the hub at each connection.',
  raw_page: 'What systems sent, as they sent it: the bodies of a page in one row.',
  staged_page: 'A fetched page until it is applied.',
  run: 'Passes over a connection with their counters.',
  record_log: 'What a run did with each record, and why.',
  log_page:
    'What a run did alike with many records, a row for a page of them. The view record_history shows both logs.',
  conflict: 'Values that changed on both sides.',
  quarantine: 'Records that could not be taken over or written, with the reason.',
  parked: 'Pulled records that refer to one which is not linked yet.',
  match_review: 'Vendor records that may be one of several hub records.',
  push_queue: 'Records to be written to a connection.',
  create_intent: 'Creates that were begun, until their outcome is known.',
  update_intent: 'Updates that were begun and whose outcome is not known, or that were refused half-way.',
  delete_breaker: 'Deletions that wait for a person.',
  stopped_creates:
    'Creates that wait for a person: too many, or after a first reading that may have missed records.',
  audit_log: 'Who changed what; can be appended to, never changed.',
  hub_file: 'Files by content.',
  file_content: 'Content of files, arriving or whole.',
  file_chunk: 'Content in rows of 256 KiB.',
  hub_attachment: 'Files of records.',
  attachment_link: 'Files of records at each connection.',
  file_queue: 'Records whose files are to be looked at or sent.',
  file_first_look: 'How far the first look at all files of an entity has come.',
  api_key: 'Keys of the API, as hashes.',
  idempotency: 'Requests that carried an Idempotency-Key, with their answers, for a day.',
  call_count: 'How often each caller came within a minute. Unlogged; reached through functions only.',
  mapping_override: "A plant's changes to shipped mappings, every version.",
  field_mapping: 'Single rules made through the API; each lives on in the override it made.',
  discovered_schema: 'What each system says its records look like, every version.',
  schema_look: 'When each system was last asked for that.',
  schema_drift: 'Where a system drifted away from under mapping rules.',
  work_order_template: 'Templates of work orders.',
  calendar: 'Working calendars.',
  maintenance_occurrence: 'What became of each planned date of a schedule, by its nominal time.',
  maintenance_rules:
    'Rules of schedules that no other system has: calendar, season, lead time, catch-up, open orders.',
  asset_figures: 'Sums that work leaves at an asset.',
  asset_location: 'Where assets were.',
  asset_condition: 'How assets were judged.',
  asset_performance: 'What assets reported.',
  asset_alert: 'What there is to worry about.',
  notice_document:
    'What people write about notices: teams, on-call schedules, policies, channels, preferences, templates.',
  notice_secret: 'Credentials of channels, sealed.',
  notice_breaker: 'Channels that fail, and until when they are left alone.',
  notice_event: 'What happened that people may be told of; triggers write it with the change.',
  notice_intent: 'To tell a person of an event by a channel: once, and what became of it.',
  notice_evidence: 'Each try and each word of a provider about it.',
  notice_digest: 'Open windows in which messages to one person are collected.',
  escalation: 'Alerts that are escalated, with their policy and where they stand.',
  escalation_record: 'Each step of an escalation: whom it told, or that it reached nobody.',
  schema_migration: 'Migrations that were applied.',
};

/** Columns that every table of tenants has the same rule for. */
const TENANT_POLICY =
  "(tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS \"nullif\"))";

interface Rows {
  tables: { name: string; unlogged: boolean; secured: boolean }[];
  columns: {
    tab: string;
    name: string;
    type: string;
    required: boolean;
    value: string | null;
    kind: string;
  }[];
  indexes: { tab: string; name: string; definition: string; isPrimary: boolean }[];
  constraints: { tab: string; definition: string }[];
  policies: {
    tab: string;
    name: string;
    command: string;
    roles: string;
    condition: string | null;
    check: string | null;
  }[];
  grants: { tab: string; rights: string }[];
  triggers: { tab: string; definition: string }[];
  statistics: { tab: string; definition: string }[];
  functions: { name: string; definition: string; callers: string }[];
}

const QUERIES: { [K in keyof Rows]: string } = {
  tables: `select relname as name, relpersistence = 'u' as unlogged, relrowsecurity and relforcerowsecurity as secured
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname collate "C"`,
  columns: `select c.relname as tab, a.attname as name, format_type(a.atttypid, a.atttypmod)
      || case when a.attcollation <> t.typcollation then ' collate ' || quote_ident((select collname from pg_collation where oid = a.attcollation)) else '' end as type,
      a.attnotnull as required, pg_get_expr(d.adbin, d.adrelid) as value,
      case when a.attgenerated <> '' then 'generated' when a.attidentity <> '' then 'identity' else '' end as kind
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    order by c.relname collate "C", a.attnum`,
  indexes: `select t.relname as tab, i.relname as name, pg_get_indexdef(i.oid) as definition, x.indisprimary as "isPrimary"
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    where t.relnamespace = 'public'::regnamespace order by t.relname collate "C", x.indisprimary desc, i.relname collate "C"`,
  constraints: `select c.conrelid::regclass::text as tab, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c where c.connamespace = 'public'::regnamespace and c.contype in ('c', 'f') and c.conrelid <> 0
    order by 1, c.contype, pg_get_constraintdef(c.oid) collate "C"`,
  policies: `select tablename as tab, policyname as name, lower(cmd) as command, array_to_string(roles, ', ') as roles,
      qual as condition, with_check as check from pg_policies where schemaname = 'public' order by 1, 2`,
  grants: `select table_name as tab, string_agg(lower(privilege_type), ', ' order by privilege_type) as rights
    from information_schema.role_table_grants where table_schema = 'public' and grantee = 'chatterfix_app' group by 1 order by 1`,
  triggers: `select tgrelid::regclass::text as tab, pg_get_triggerdef(oid) as definition from pg_trigger where not tgisinternal order by 1, 2`,
  statistics: `select stxrelid::regclass::text as tab, pg_get_statisticsobjdef(oid) as definition from pg_statistic_ext order by 1, 2`,
  functions: `select p.proname as name, pg_get_functiondef(p.oid) as definition,
      case when has_function_privilege('chatterfix_app', p.oid, 'execute') then 'the program' else 'the owner' end as callers
    from pg_proc p where p.pronamespace = 'public'::regnamespace order by 1, 2`,
};

/** The page; throws for a table that nobody has described. `owner` is a name that differs from server to server. */
export async function schemaPage(client: pg.ClientBase, owner: string): Promise<string> {
  const rows = {} as { [K in keyof Rows]: Rows[K] };
  for (const what of Object.keys(QUERIES) as (keyof Rows)[]) {
    const found = await client.query(QUERIES[what]);
    (rows as Record<string, unknown>)[what] = found.rows;
  }
  const strange = rows.tables.map(({ name }) => name).filter((name) => !TABLES[name]);
  if (strange.length > 0)
    throw new Error(`Say in store/schema-page.fixture.ts what ${strange.join(', ')} holds.`);
  const shown = Object.keys(TABLES).filter((name) => rows.tables.some((table) => table.name === name));
  const page = [
    '# Database schema',
    '',
    'What the migrations of `store/migrations/` make, asked of PostgreSQL. A test compares this page with a migrated database (`UPDATE_SCHEMA=1` writes it).',
    '',
    'Every table but `tenant`, `schema_migration` and `call_count` has a `tenant_id`, and two policies unless it says otherwise: the program (role `chatterfix_app`) sees and',
    'writes the rows of the tenant that its transaction names in `app.tenant`; the owner of the tables sees all rows and writes none.',
    '',
    ...shown.flatMap((name) => tableLines(name, rows)),
    '## Functions',
    '',
    ...rows.functions.flatMap(({ name, definition, callers }) => [
      `### ${name}`,
      '',
      `May be called by ${callers}.`,
      '',
      '```sql',
      ...definition.trimEnd().split('\n'),
      '```',
      '',
    ]),
  ];
  return `${page.join('\n').replaceAll(owner, 'owner').trimEnd()}\n`;
}

function tableLines(name: string, rows: Rows): string[] {
  const of = <T extends { tab: string }>(all: readonly T[]): T[] => all.filter(({ tab }) => tab === name);
  const table = rows.tables.find((one) => one.name === name);
  const lines = [
    `## ${name}`,
    '',
    `${TABLES[name] ?? ''}${table?.unlogged === true ? ' (unlogged)' : ''}`,
    '',
  ];
  lines.push('| column | type | |', '|---|---|---|');
  for (const { name: column, type, required, value, kind } of of(rows.columns)) {
    const notes = [
      ...(required ? ['required'] : []),
      ...(kind === 'identity' ? ['counted by the server'] : []),
      ...(value === null ? [] : [`${kind === 'generated' ? 'generated' : 'default'} \`${cell(value)}\``]),
    ];
    lines.push(`| ${column} | ${type} | ${notes.join(', ')} |`);
  }
  lines.push('');
  for (const { definition, isPrimary } of of(rows.indexes)) {
    const text = definition.replace(/^CREATE /, '').replace(/ ON public\.\w+ USING btree/, '');
    lines.push(`- ${isPrimary ? 'primary key: ' : ''}\`${text}\``);
  }
  for (const { definition } of of(rows.constraints)) lines.push(`- \`${definition}\``);
  for (const { definition } of of(rows.statistics)) lines.push(`- \`${definition}\``);
  for (const { definition } of of(rows.triggers)) lines.push(`- \`${definition}\``);
  lines.push(...securityLines(table?.secured === true, of(rows.policies), of(rows.grants)));
  return [...lines, ''];
}

function securityLines(secured: boolean, policies: Rows['policies'], grants: Rows['grants']): string[] {
  const rights = grants[0]?.rights ?? 'nothing';
  const lines = [`- the program may: ${rights}`];
  if (!secured) lines.push('- no row-level security');
  for (const { name, command, roles, condition, check } of policies) {
    const usual =
      name === 'tenant_only'
        ? command === 'all' &&
          roles === 'chatterfix_app' &&
          condition === TENANT_POLICY &&
          check === TENANT_POLICY
        : name === 'owner_reads' && command === 'select' && condition === 'true' && check === null;
    if (!usual)
      lines.push(
        `- policy ${name} for ${command} to ${roles}: \`${String(condition)}\`, check \`${String(check)}\``,
      );
  }
  const names = policies.map(({ name }) => name).sort();
  if (secured && names.join() !== 'owner_reads,tenant_only') lines.push(`- policies: ${names.join(', ')}`);
  return lines;
}

function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}
