export { type AuditInput, auditColumns, auditInsertSql, auditParams, record } from './audit.ts'
export type { AuditEntryTable, AuditHeadTable, AuditLeafTable, AuditOutcome } from './audit.table.ts'
