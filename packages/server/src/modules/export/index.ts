export { purchaseColumns } from './export.domain.ts'
export { runExport, startExports } from './export.job.ts'
export { exportRows } from './export.read.ts'
export { exportHandlers } from './export.route.ts'
