import { addDays, dayOf } from '@vigil/codes'
import type { AlertPolicy, alertResponseRoutes, BodyOf } from '@vigil/contract'
import { type Caller, wholeScope } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { type Tx, withScope } from '../../kernel/db/index.ts'
import { invalid, invalidField } from '../../kernel/error/problem.ts'
import { gradeOrder } from './alert.domain.ts'
import type { AlertParts } from './alert.parts.ts'

const listed = async (tx: Tx): Promise<{ items: AlertPolicy[] }> => ({
  items: await tx
    .selectFrom('alert.policy')
    .select(['validFrom', 'blue', 'yellow', 'orange', 'red', 'quietDays'])
    .orderBy('validFrom', 'desc')
    .execute(),
})

/** Deadlines by the day from which they count, the newest first. */
export const listPolicies = ({ kernel }: AlertParts, caller: Caller): Promise<{ items: AlertPolicy[] }> =>
  withScope(kernel.db, wholeScope(caller), listed)

/**
 * Sets the deadlines that count from a day on; those of days that are over stay as they were.
 * @throws Problem 400 for a day in the past or further than a year, or a higher grade with more time than a lower one
 */
export async function setPolicy(
  { kernel }: AlertParts,
  caller: Caller,
  body: BodyOf<(typeof alertResponseRoutes)['alert.set-policy']>,
): Promise<{ items: AlertPolicy[] }> {
  const today = dayOf(kernel.clock.now())
  if (body.validFrom < today) throw invalidField('/validFrom', '生效日期不能早于今天')
  if (body.validFrom > addDays(today, 366)) throw invalidField('/validFrom', '生效日期不能晚于一年后')
  const wrong = gradeOrder.slice(1).filter((grade, index) => body[grade] > body[gradeOrder[index]!])
  if (wrong.length > 0)
    throw invalid(wrong.map((grade) => ({ pointer: `/${grade}`, code: 'order', detail: '等级越高，时限应越短' })))
  return command(kernel.db, caller, 'rule.manage', async (tx, audit) => {
    const { validFrom, ...values } = body
    const row = { ...values, setBy: caller.name }
    await tx
      .insertInto('alert.policy')
      .values({ validFrom, ...row })
      .onConflict((conflict) => conflict.column('validFrom').doUpdateSet(row))
      .execute()
    await audit({
      action: 'alert.set-policy',
      object: `alert-policy:${validFrom}`,
      path: wholeScope(caller)[0]!,
      detail: body,
    })
    return listed(tx)
  })
}
