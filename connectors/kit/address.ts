/** The address people have at hand (a bare host, a page of the system, a trailing slash) made into the one an API is served at. */

export interface UsualAddress {
  /** Appended where the address has no path of its own, e.g. `/maximo`. */
  path?: string;
  /** What may stand behind the API's root and is cut off, e.g. the page somebody was on when they copied the address. */
  beyond?: RegExp;
}

/** An address that is none is given back as it is: the connector's schema says what is wrong with it. */
export function apiAddress(text: string, { path = '', beyond }: UsualAddress = {}): string {
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) return text;
  // Never lost: credentials in an address are refused by the one who stores it.
  const login = url.username === '' ? '' : `${url.username}${url.password === '' ? '' : `:${url.password}`}@`;
  const own = (beyond === undefined ? url.pathname : url.pathname.replace(beyond, '')).replace(/\/+$/, '');
  return `${url.protocol}//${login}${url.host}${own === '' ? path : own}`;
}
