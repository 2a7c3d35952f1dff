export { runExport, startExports } from './export.job.ts'
export { exportHandlers } from './export.route.ts'
