import { useMutation } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { problemOf } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { AccountsButton } from './AccountsButton.tsx'
import { PostersButton } from './PostersButton.tsx'

/** Most stores whose posters the server draws by name. */
const mostPosters = 200

interface Outcome {
  readonly done: number
  readonly failed: readonly { readonly code: string; readonly why: string }[]
}

/** Suspends one after the other, so that each store has its own row in the log; goes on after a refusal. */
async function suspendAll(codes: readonly string[], reason: string): Promise<Outcome> {
  const failed: { code: string; why: string }[] = []
  for (const code of codes) {
    try {
      await call('store.set-status', { params: { code }, body: { status: 'suspended', reason } })
    } catch (error) {
      const problem = problemOf(error)
      failed.push({ code, why: problem.detail ?? problem.title })
    }
  }
  return { done: codes.length - failed.length, failed }
}

/** What can be done with the stores that are ticked: accounts, posters, suspension with one reason. */
export function ChosenStores({
  area,
  chosen,
  onClear,
}: {
  readonly area: string
  readonly chosen: readonly string[]
  readonly onClear: () => void
}) {
  const can = useCan()
  const [outcome, setOutcome] = useState<Outcome>()
  const suspend = useMutation({ mutationFn: (reason: string) => suspendAll(chosen, reason), onSuccess: setOutcome })
  return (
    <>
      {chosen.length ? (
        <section className="chosen" aria-label={t('所选药店')}>
          <strong>{t('已选 {length} 家', { length: formatCount(chosen.length) })}</strong>
          {can('store.manage') ? <AccountsButton area={area} stores={chosen} /> : null}
          {chosen.length <= mostPosters ? (
            <PostersButton stores={chosen} />
          ) : (
            <span className="hint">{t('海报一次最多 {mostPosters} 家', { mostPosters })}</span>
          )}
          {can('store.manage') ? (
            <ConfirmButton
              label={t('暂停')}
              title={t('暂停所选 {length} 家药店', { length: formatCount(chosen.length) })}
              reason
              button={{ danger: true }}
              onConfirm={(reason) => suspend.mutateAsync(reason)}
              onDone={() => {
                onClear()
                void queryClient.invalidateQueries({ queryKey: keys.stores })
              }}
            >
              <p>{t('暂停后，这些药店不能再登记购药。理由写入每家药店的审计记录。')}</p>
            </ConfirmButton>
          ) : null}
          <Button type="link" onClick={onClear}>
            {t('取消选择')}
          </Button>
        </section>
      ) : null}
      {outcome ? (
        <Alert
          showIcon
          closable={{ onClose: () => setOutcome(undefined) }}
          type={outcome.failed.length ? 'warning' : 'success'}
          title={t('已暂停 {done} 家{value}', {
            done: formatCount(outcome.done),
            value: outcome.failed.length
              ? t('，{length} 家未改变', { length: formatCount(outcome.failed.length) })
              : '',
          })}
          description={
            outcome.failed.length
              ? outcome.failed.map(({ code, why }) => (
                  <div key={code}>
                    {code}：{why}
                  </div>
                ))
              : undefined
          }
        />
      ) : null}
    </>
  )
}
