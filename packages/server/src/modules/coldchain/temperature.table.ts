import type { JSONColumnType, Selectable } from 'kysely'
import type { LoggerProblem } from './temperature.logger.ts'

export interface TemperatureTable {
  id: string
  lotId: string
  holderId: string
  filename: string
  sha256: string
  maker: string | null
  serial: string | null
  readings: JSONColumnType<readonly (readonly [number, number])[]>
  problems: JSONColumnType<readonly LoggerProblem[]>
  path: string
  at: Date
  by: string
}
export type TemperatureRow = Selectable<TemperatureTable>

declare module '../../kernel/db/database.ts' {
  interface Database {
    'coldchain.temperature': TemperatureTable
  }
}
