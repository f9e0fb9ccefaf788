/**
 * Words that people write where they know nothing: they identify nothing, however many records carry them. Field reports name
 * them in several languages; numbers of nothing but zeros and texts without a letter or digit are the same.
 */

const WORDS: readonly string[] = [
  // English
  'na',
  'nil',
  'nill',
  'none',
  'null',
  'no number',
  'not applicable',
  'not available',
  'not known',
  'tba',
  'tbc',
  'tbd',
  'test',
  'to be defined',
  'to be determined',
  'undefined',
  'unknown',
  'unk',
  'unspecified',
  'various',
  'see plate',
  'missing',
  'default',
  'dummy',
  'no serial',
  'no sn',
  'sn',
  // German
  'entfaellt',
  'entfällt',
  'ka',
  'kein',
  'keine',
  'nicht bekannt',
  'nicht vorhanden',
  'ohne',
  'unbekannt',
  // French, Spanish, Portuguese, Italian
  'aucun',
  'inconnu',
  'desconhecido',
  'desconocido',
  'nenhum',
  'ninguno',
  'sconosciuto',
  'sin numero',
  'sin número',
];
const COMPACT: ReadonlySet<string> = new Set(WORDS.map((words) => words.replaceAll(' ', '')));

/** `N/A`, `n.a.`, `-`, `0`, `0000`, `???`, `XXX`, `TBD` and their like. */
export function isPlaceholder(text: string): boolean {
  // None of the words holds a digit, and zeros alone are nothing: most texts of a first sync end here (8 µs a record).
  if (/[1-9]/.test(text)) return false;
  const compact = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return /^(?:0*|x+)$/.test(compact) || COMPACT.has(compact);
}
