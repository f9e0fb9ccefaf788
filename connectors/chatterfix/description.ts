/**
 * What a description carries beside its text, because ChatterFix has no field for it: lines such as `Serial number: SN-1` at
 * its end (contract 9, "in the description block") and last the mark by which a create is found again (contract 9, 11).
 */
const MARK = /\s*\[ext:([A-Z0-9]{1,10})\]\s*$/;
const LABELS: Readonly<Record<string, string>> = {
  asset_tag: 'Asset tag',
  serial_number: 'Serial number',
  manufacturer: 'Manufacturer',
  model: 'Model',
};
const NAMES = new Map(Object.entries(LABELS).map(([name, label]) => [label.toLowerCase(), name]));
const LINE = /^([A-Za-z ]{3,20}):[ \t]*(\S.*)$/;

export const LINE_FIELDS: readonly string[] = Object.keys(LABELS);

/** `S/N RH120-A-0001` in running text: people put the number where they find room; it stays in the text. */
const SPOKEN_SERIAL = /\b(?:S\/N|serial (?:no|number))[.:]?\s+([A-Za-z0-9][\w./-]*\d[\w/-]*)/i;

export interface Description {
  text: string;
  /** By field name, in the order written. */
  lines: Readonly<Record<string, string>>;
  mark: string | null;
}

/** Lines are read from the end, as long as they are ones we know: what people write above them stays text. */
export function parseDescription(written: string): Description {
  const mark = MARK.exec(written)?.[1] ?? null;
  const rows = written.replace(MARK, '').trimEnd().split(/\r?\n/);
  const lines: [string, string][] = [];
  for (let row = rows.at(-1); row !== undefined; row = rows.at(-1)) {
    const [, label = '', value = ''] = LINE.exec(row.trim()) ?? [];
    const name = NAMES.get(label.trim().toLowerCase());
    if (name === undefined || lines.some(([known]) => known === name)) break;
    lines.unshift([name, value.trim()]);
    rows.pop();
  }
  const text = lines.length === 0 && mark === null ? written : rows.join('\n').trimEnd();
  return { text, lines: Object.fromEntries(lines), mark };
}

export function spokenSerial(text: string): string | null {
  return SPOKEN_SERIAL.exec(text)?.[1] ?? null;
}

export function writeDescription({ text, lines, mark }: Description): string {
  const block = Object.entries(lines)
    .filter(([name, value]) => name in LABELS && value !== '')
    .map(([name, value]) => `${LABELS[name] ?? name}: ${value.replace(/\s+/g, ' ')}`)
    .join('\n');
  return [text, block, mark === null ? '' : `[ext:${mark}]`].filter((piece) => piece !== '').join('\n\n');
}
