export * from './distribution/index.ts'
export { DetectionError, type DetectionErrorCode } from './error.ts'
