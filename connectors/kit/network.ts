/**
 * Which addresses a connection may reach. Public ones always; private, loopback and link-local ones only when the
 * operator listed them (CHATTERFIX_ALLOWED_HOSTS), so that nobody who may add a connection can look around inside the
 * plant's network with it. The check stands where a name becomes an address, at each connect: a name that resolves to
 * something else the second time gains nothing.
 */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { Failure } from '../../domain/kernel/failure.ts';

export interface NetworkPolicy {
  /** `host`, `host:port`, an address, a range such as `10.4.0.0/16`, or a folder of database files such as `file:/srv/plant/`. */
  allowed: readonly string[];
}

/** Not globally reachable (IANA special-purpose registries, RFC 6890), cloud metadata services included. */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  // unspecified, loopback, and IPv4 in its old spelling `::127.0.0.1`
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv6');
}

/** True for an address that is not on the public internet; IPv4 in IPv6 spelling counts as the IPv4 address. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return PRIVATE.check(mapped, 'ipv4');
  if (/^::ffff:/i.test(address)) return true;
  const family = isIP(address);
  if (family === 0) return true;
  return PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Throws `invalid_config` for a URL whose host is an address that may not be reached, or a name that is only local. */
export function assertReachable(url: URL, policy: NetworkPolicy): void {
  // A name in full ends with a dot and is the same name.
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  assertHost(host, port, policy);
}

/** The same for transports without a URL, such as a database driver; resolve names with `guardedLookup`. */
export function assertHost(host: string, port: string, policy: NetworkPolicy): void {
  if (isListed(host, port, policy)) return;
  const local = host === 'localhost' || host.endsWith('.localhost');
  if (local || (isIP(host) !== 0 && isPrivateAddress(host))) throw refused(`${host}:${port}`);
}

/** A lookup that gives only addresses that may be reached. Names on the list may resolve to anything. */
export function guardedLookup(policy: NetworkPolicy): LookupFunction {
  return (host, options, callback) => {
    dnsLookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) {
        callback(error, '', 4);
        return;
      }
      const usable = found.filter(
        ({ address }) =>
          !isPrivateAddress(address) || isListed(host, null, policy) || isListed(address, null, policy),
      );
      const [first] = usable;
      if (first === undefined) {
        callback(refused(host) as NodeJS.ErrnoException, '', 4);
        return;
      }
      if (options.all === true) {
        callback(null, usable);
        return;
      }
      callback(null, first.address, first.family);
    });
  };
}

/** A null port matches entries with any port: the port was judged with the URL. */
function isListed(host: string, port: string | null, policy: NetworkPolicy): boolean {
  return policy.allowed.some((entry) => {
    const [range, prefix] = entry.split('/');
    if (prefix !== undefined && range !== undefined) return inRange(host, range, Number(prefix));
    if (entry.toLowerCase() === host || entry === `[${host}]`) return true;
    const named = /^(.*):(\d+)$/.exec(entry);
    const [, name = '', listedPort = ''] = isIP(entry) === 6 || named === null ? [] : named;
    return name.replace(/^\[|\]$/g, '').toLowerCase() === host && (port === null || listedPort === port);
  });
}

function inRange(host: string, network: string, prefix: number): boolean {
  const [family, own] = [isIP(network), isIP(host)];
  if (family === 0 || family !== own) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family === 6 ? 'ipv6' : 'ipv4');
  return list.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * A file is the server's own: whoever may add a connection may not thereby look into its disk. The operator lists folders among the
 * hosts, as `file:/srv/plant/`.
 */
export function assertFile(file: string, policy: NetworkPolicy): void {
  const real = resolve(file);
  const folders = policy.allowed.filter((entry) => entry.startsWith('file:/')).map((entry) => entry.slice(5));
  const inside = (folder: string): boolean => real.startsWith(`${resolve(folder).replace(/\/$/, '')}/`);
  if (isAbsolute(file) && folders.some(inside)) return;
  throw new Failure(
    'invalid_config',
    'A database file is read on the server and written by its absolute path; an operator may allow its folder with CHATTERFIX_ALLOWED_HOSTS, such as file:/srv/plant/.',
    { path: 'file', code: ADDRESS_REFUSED },
  );
}

/** What a lookup refused comes back through the transport with this code. */
export const ADDRESS_REFUSED = 'ADDRESS_REFUSED';

export function refused(where: string): Failure {
  return new Failure(
    'invalid_config',
    `${where} is not a public address; an operator may allow it with CHATTERFIX_ALLOWED_HOSTS.`,
    { code: ADDRESS_REFUSED, path: 'url' },
  );
}
