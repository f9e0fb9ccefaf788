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
export {
  loadMappings,
  loadShippedMappings,
  MAPPINGS_FOLDER,
  openShippedMappings,
  type ShippedMapping,
} from './load.ts';
export type { Discovered } from './discovered-schema.ts';
export type { Finding } from './findings.ts';
export { judgeMapping, type MappingQuestion } from './judge.ts';
export { previewPull, previewPush, sampleOf, viewMapping } from './inspect.ts';
export type { FieldPreview, MappingView, Preview, RuleView } from './inspect.ts';
export { mappingOverride, withOverride, type MappingOverride } from './override.ts';
export { pathSteps, pathText } from '../../domain/path.ts';
export type { MappingText } from './source.ts';
export type { CompiledMapping, FieldProblem, MappedCommentLike, PullResult, PushResult } from './format.ts';
