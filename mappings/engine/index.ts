/** What the rest of the product may use of the mapping engine. */
export { compileMapping } from './compile.ts';
export {
  DRIFT_KINDS,
  driftOf,
  type Drift,
  type DriftKind,
  type SchemaChange,
  type SchemaFields,
} from './drift.ts';
export { loadMappings, loadShippedMappings, MAPPINGS_FOLDER, type ShippedMapping } from './load.ts';
export { findingsOf, previewPull, previewPush, sampleOf, viewMapping } from './inspect.ts';
export type { FieldPreview, MappingView, Preview, RuleView } from './inspect.ts';
export { mappingOverride, withOverride, type MappingOverride } from './override.ts';
export { POLICIES } from './format.ts';
export type {
  CompiledMapping,
  ConflictPolicy,
  FieldProblem,
  MappedCommentLike,
  PullResult,
  PushResult,
} from './format.ts';
