/**
 * The two logins of an embedded database, as docs/operations.md makes them on a server of one's own: one that owns the
 * tables and migrates, one for the program. Neither is a superuser, so that what works here works on a managed server.
 * The superuser of the embedded server makes them and is not used afterwards.
 */
import { createHmac } from 'node:crypto';
import pg from 'pg';
import { APP_ROLE } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';

export interface PlainLogins {
  /** Owns the database and its tables; may migrate. */
  readonly ownerUrl: string;
  /** For `openStore`: owns nothing and may take the application's role. */
  readonly runUrl: string;
}

export interface LoginNames {
  owner: string;
  run: string;
}

const LOGINS: LoginNames = { owner: 'chatterfix_owner', run: 'chatterfix_run' };

/** Makes both logins where they are missing, hands the database over to its owner, migrates it, and lets the program in. */
export async function migratePlainly(adminUrl: string, names: LoginNames = LOGINS): Promise<PlainLogins> {
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  admin.on('error', () => undefined);
  try {
    await admin.connect();
    await ensureLogin(admin, adminUrl, names.owner, 'createrole');
    await ensureLogin(admin, adminUrl, names.run, 'nocreaterole');
    await handOver(admin, names.owner);
    const ownerUrl = loginUrl(adminUrl, names.owner);
    await migrate({ adminUrl: ownerUrl });
    const run = pg.escapeIdentifier(names.run);
    await admin.query(`grant ${APP_ROLE} to ${run} with inherit false, set true`);
    await admin.query(`grant select on schema_migration to ${run}`);
    return { ownerUrl, runUrl: loginUrl(adminUrl, names.run) };
  } finally {
    await admin.end().catch(() => undefined);
  }
}

/** The same database for another login. Its password follows from the superuser's, so that nothing more is kept. */
export function loginUrl(adminUrl: string, login: string): string {
  const url = new URL(adminUrl);
  url.password = passwordOf(adminUrl, login);
  url.username = login;
  return url.href;
}

function passwordOf(adminUrl: string, login: string): string {
  return createHmac('sha256', new URL(adminUrl).password).update(login).digest('hex');
}

/** The password is set each time: a state folder that was copied may have another one. */
export async function ensureLogin(
  admin: pg.ClientBase,
  adminUrl: string,
  login: string,
  rights: string,
): Promise<void> {
  const name = pg.escapeIdentifier(login);
  const found = await admin.query('select from pg_roles where rolname = $1', [login]);
  if (found.rowCount === 0) await admin.query(`create role ${name}`);
  const password = pg.escapeLiteral(passwordOf(adminUrl, login));
  await admin.query(`alter role ${name} login nosuperuser ${rights} password ${password}`);
}

/** Earlier versions migrated as the superuser: what that one owns becomes the owner's, sequences with their tables. */
async function handOver(admin: pg.ClientBase, owner: string): Promise<void> {
  const { rows } = await admin.query<{ statement: string }>(
    `select format('alter database %I owner to %I', current_database(), $1::text) as statement
     union all
     select format('alter table %s owner to %I', oid::regclass, $1::text) from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
         and relowner <> (select oid from pg_roles where rolname = $1)
     union all
     select format('alter function %s owner to %I', oid::regprocedure, $1::text) from pg_proc
       where pronamespace = 'public'::regnamespace and prokind = 'f'
         and proowner <> (select oid from pg_roles where rolname = $1)
         and not exists (select from pg_depend d where d.objid = pg_proc.oid and d.deptype = 'e')`,
    [owner],
  );
  for (const { statement } of rows) await admin.query(statement);
}
