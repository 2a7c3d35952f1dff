import { dayOf } from '@vigil/codes'
import type { Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { DeclarationRow, DocumentRow, LotRow, RuleRow } from './coldchain.table.ts'
import { documentKinds, paperTroubles, type Trouble } from './declaration.domain.ts'
import { ruleAt } from './rule.read.ts'

/** A declaration in the transaction's scope. @throws Problem 404 */
export async function getDeclaration(tx: Tx, id: string): Promise<DeclarationRow> {
  const row = await tx.selectFrom('coldchain.declaration').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw notFound('申报')
  return row
}

/** The same, locked until the end of the transaction. @throws Problem 404 */
export async function lockDeclaration(tx: Tx, id: string): Promise<DeclarationRow> {
  const row = await tx
    .selectFrom('coldchain.declaration')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('申报')
  return row
}

/** A lot. @throws Problem 404 */
export async function getLot(tx: Tx, id: string): Promise<LotRow> {
  const row = await tx.selectFrom('coldchain.lot').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw notFound('批次')
  return row
}

/** Documents of a declaration, oldest first. */
export const documentsOf = (tx: Tx, declarationId: string): Promise<DocumentRow[]> =>
  tx
    .selectFrom('coldchain.document')
    .selectAll()
    .where('declarationId', '=', declarationId)
    .orderBy('id')
    .limit(100)
    .execute()

/** The document of each kind that stands: the last one. */
export const standing = (documents: readonly DocumentRow[]): DocumentRow[] =>
  documentKinds.flatMap((kind) => documents.findLast((document) => document.kind === kind) ?? [])

/** What is wrong with the documents of a declaration by the rule of its warehouse on the day of arrival. */
export function troublesOf(
  declaration: Pick<DeclarationRow, 'slotAt' | 'path'>,
  lot: Pick<LotRow, 'producedOn' | 'expiresOn'>,
  documents: readonly DocumentRow[],
  rules: readonly RuleRow[],
): Trouble[] {
  const { slotAt, path } = declaration
  return paperTroubles(standing(documents), {
    arrivesOn: dayOf(slotAt),
    producedOn: lot.producedOn!,
    expiresOn: lot.expiresOn!,
    testDays: ruleAt(rules, path, slotAt).testDays,
  })
}
