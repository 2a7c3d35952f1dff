export { Cells } from './cells.ts'
export { asProblem, errorFormat, importFile, maxRows, mediaTypes, stem, type UploadedFile } from './import.ts'
export type { ChunkPlan, ImportKind, Numbered, Outcome, WholeKind, WholePlan } from './kind.ts'
