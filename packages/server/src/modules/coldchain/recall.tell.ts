import type { ColdRecallDetail } from '@vigil/contract'
import type { Tx } from '../../kernel/db/index.ts'

/** What became of the messages about a recall, by holder. */
export type Tellings = ReadonlyMap<string, ColdRecallDetail['notices'][number]['told']>

/** The last message about a recall in each way, by holder. */
export async function tellingsOf(_tx: Tx, _recallId: string): Promise<Tellings> {
  return new Map()
}
