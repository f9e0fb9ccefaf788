/**
 * Fields that wait because the vendor's schema drifted under their mapping rules. The version of a mapping without them
 * names them, so that a link tells which fields its bases had to keep from before.
 */

/** Names of rules left out: canonical fields of pull rules, vendor fields of push rules. */
export interface HeldRules {
  pull: readonly string[];
  push: readonly string[];
}

const MARK = '~';

/** Example: `3fa9…~priority,title`; the version itself when nothing is held. */
export function versionWithHeld(version: string, fields: readonly string[]): string {
  return fields.length === 0 ? version : `${version}${MARK}${[...fields].sort().join(',')}`;
}

/** The fields that were held when this version was used. */
export function heldInVersion(version: string | null): string[] {
  const [, names = ''] = (version ?? '').split(MARK);
  return names === '' ? [] : names.split(',');
}

/** The version of the rules alone. */
export function versionOfRules(version: string): string {
  return version.split(MARK)[0] ?? version;
}
