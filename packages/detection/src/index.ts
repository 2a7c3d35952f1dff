export { DetectionError, type DetectionErrorCode } from './error.ts'
