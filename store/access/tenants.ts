/** Tenants: the only table without row-level security, because it is where a tenant's id is looked up. */
import { sql } from 'kysely';
import { databaseFailure, type Database } from '../database.ts';

export interface Tenant {
  id: string;
  slug: string;
  name: string;
}

/** Finds the tenant by its slug, or makes it. */
export async function ensureTenant(db: Database, tenant: Tenant): Promise<Tenant> {
  try {
    await sql`insert into tenant (id, slug, name) values (${tenant.id}, ${tenant.slug}, ${tenant.name})
      on conflict (slug) do nothing`.execute(db);
    const found = await sql<Tenant>`select id, slug, name from tenant where slug = ${tenant.slug}`.execute(
      db,
    );
    return found.rows[0] ?? tenant;
  } catch (error) {
    throw databaseFailure(error);
  }
}

export async function listTenants(db: Database): Promise<Tenant[]> {
  return (await sql<Tenant>`select id, slug, name from tenant order by slug`.execute(db)).rows;
}
