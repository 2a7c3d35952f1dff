import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import type { Vault } from '../../kernel/vault/index.ts'
import type { NoticeAnswer } from '../notice/index.ts'
import { tellConsoles } from './alert.keep.ts'
import type { AlertParts } from './alert.parts.ts'
import { addStep } from './alert.store.ts'
import { aboutAlert, audit } from './alert.system.ts'

const contextOf = (id: string) => `alert.question/${id}/answer`

/** A store's answer as it is kept: it may tell of its customers. @param id of the question */
export const sealAnswer = (vault: Vault, id: string, text: string): Buffer => vault.sealLongTerm(text, contextOf(id))

/** @throws VaultError 'tampered' */
export const unsealAnswer = (vault: Vault, id: string, sealed: Buffer): string =>
  vault.unsealLongTerm(sealed, contextOf(id))

/** Keeps what a store answered to a question about an alert, in the transaction of the answer. */
export async function takeAnswer({ kernel }: AlertParts, tx: Tx, answer: NoticeAnswer): Promise<void> {
  const text = answer.replies
    .map(({ value }) => value.trim())
    .join('；')
    .slice(0, 1000)
  await beyondScope(tx, async () => {
    const question = await tx
      .updateTable('alert.question')
      .set({ sealedAnswer: sealAnswer(kernel.vault, answer.source.id, text), answeredAt: answer.at })
      .where('id', '=', answer.source.id)
      .where('answeredAt', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!question) return
    const alert = await tx
      .selectFrom('alert.alert')
      .selectAll()
      .where('id', '=', question.alertId)
      .executeTakeFirstOrThrow()
    const step = {
      at: answer.at,
      actor: question.storeName,
      kind: 'answered',
      text: '已答复，内容见“药店答复”',
    } as const
    await addStep(tx, alert.id, step)
    await audit(tx, { action: 'alert.answer', ...aboutAlert(alert), detail: { store: question.storeCode } })
    await tellConsoles(tx, alert, 'answered', '')
  })
}
