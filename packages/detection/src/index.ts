export * from './distribution/index.ts'
export { DetectionError, type DetectionErrorCode } from './error.ts'
export * from './glm/index.ts'
