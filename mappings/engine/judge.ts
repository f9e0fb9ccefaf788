/**
 * What is wrong with a mapping, before it is used: one judgement for whoever previews, validates or stores an override, so that what one
 * accepts the others do.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { readCases, type Cases } from './cases.ts';
import { checkAgainstVendor } from './check.ts';
import { compileMapping } from './compile.ts';
import type { Discovered } from './discovered-schema.ts';
import type { Finding } from './findings.ts';
import { MAPPINGS_FOLDER } from './load.ts';
import { withOverride } from './override.ts';
import { checkRoundTrips } from './round-trip.ts';
import { readMapping, type MappingText } from './source.ts';
import { readVendorSchema, type VendorSchema } from './vendor-schema.ts';

export interface MappingQuestion {
  /** As it ships; `file` as messages name it, e.g. `mappings/upkeep/asset.yaml`. */
  shipped: MappingText;
  override: JsonObject | null;
  /** What the connection's system was last seen to hold; null when nobody looked. */
  discovered: Discovered | null;
}

/**
 * Compiled, type-checked against the schema that ships and the discovered one together, sent round over the shipped cases. Never throws for what
 * the override says. Findings in the override stand by its own path, `pull.title.path`; those in shipped rules by file and line.
 */
export async function judgeMapping({ shipped, override, discovered }: MappingQuestion): Promise<Finding[]> {
  try {
    const text = override === null ? shipped : withOverride(shipped, override, '');
    const compiled = compileMapping(text);
    const { vendor, cases } = await besides(shipped.file);
    return [
      ...checkAgainstVendor(text, vendor, discovered),
      ...(await checkRoundTrips(compiled, vendor, cases, readMapping(text).source)),
    ];
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'mapping_failed') throw error;
    return [{ level: 'error', where: error.path ?? 'override', message: error.message }];
  }
}

async function besides(shippedFile: string): Promise<{ vendor: VendorSchema; cases: Cases }> {
  const path = join(MAPPINGS_FOLDER, '..', shippedFile);
  const entity = shippedFile.slice(shippedFile.lastIndexOf('/') + 1, -'.yaml'.length);
  const read = async (file: string): Promise<MappingText> => ({ file, text: await readFile(file, 'utf8') });
  return {
    vendor: readVendorSchema(await read(join(dirname(path), 'schema', `${entity}.yaml`))),
    cases: readCases(await read(join(dirname(path), `${entity}.cases.yaml`))).cases,
  };
}
