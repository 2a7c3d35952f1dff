export { auditHandlers } from './audit.route.ts'
