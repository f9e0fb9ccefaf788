/** What the rest of the product may use of the mapping engine. */
export { compileMapping } from './compile.ts';
export { loadMappings, MAPPINGS_FOLDER } from './load.ts';
export { POLICIES } from './format.ts';
export type {
  CompiledMapping,
  ConflictPolicy,
  FieldProblem,
  MappedCommentLike,
  PullResult,
  PushResult,
} from './format.ts';
