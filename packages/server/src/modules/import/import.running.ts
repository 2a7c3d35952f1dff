import type { ImportKindName } from '@vigil/contract'
import { sql } from 'kysely'
import { readScope, systemScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'

/** A run that nobody has touched for so long is believed to be dead; one whose process was killed is taken up before. */
const aliveSeconds = 120

/** Areas into which files of a kind are being written now, in whatever process. */
export async function runningScopes(kernel: Pick<Kernel, 'db'>, kind: ImportKindName): Promise<string[]> {
  const rows = await readScope(kernel.db, systemScope, (tx) =>
    tx
      .selectFrom('import.run')
      .select('scope')
      .where('status', '=', 'running')
      .where('kind', '=', kind)
      .where(sql<boolean>`touched_at > now() - make_interval(secs => ${aliveSeconds})`)
      .execute(),
  )
  return rows.flatMap(({ scope }) => scope)
}
