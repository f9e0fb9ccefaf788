/**
 * Mappings in the hands of integration engineers: look, try on a record, change for one connection, go back. What ships is
 * never changed; a change is a numbered override of single rules, checked before it is stored. This is the door; the work
 * is in the files named here.
 */
export type { FieldMappingRow } from '../../store/connections/mapping-overrides.ts';
export { createFieldMapping, listFieldMappingsOf, removeFieldMapping } from './field-mappings.ts';
export { previewMapping } from './preview.ts';
export { listVersions, rollBack, saveOverride } from './versions.ts';
export {
  judgeAt,
  readMapping,
  readShipped,
  type EffectiveMapping,
  type Finding,
  type MappingActions,
  type MappingDeps,
} from './view.ts';
