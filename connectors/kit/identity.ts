/** Comparing which systems connections speak to (`SystemIdentity`). Pure. */
import type { SystemIdentity } from './contract.ts';

/** One spelling of an address: scheme and host in lower case, no usual port, no credentials, query or slash at the end. */
export function stableAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}

/** Whether two connections can meet the same records. */
export function sharesRecords(a: SystemIdentity, b: SystemIdentity): boolean {
  if (a.system !== b.system) return false;
  if (a.scopes === null || b.scopes === null) return true;
  const scopes = b.scopes;
  return a.scopes.some((scope) => scopes.includes(scope));
}
