import { useMutation } from '@tanstack/react-query'
import type { ImportRun } from '@vigil/contract'
import { Alert, Button } from 'antd'
import { t } from '../../../text.ts'
import { saveFile } from '../../kernel/download.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { ProblemAlert } from '../../ui/states.tsx'

/** The invitation codes of an import of accounts, which can be fetched once. @param onDone when the run is to be read again */
export function Handout({ run, onDone }: { readonly run: ImportRun; readonly onDone: () => void }) {
  const save = useMutation({
    mutationFn: () => saveFile('import.handout', t('邀请码.xlsx'), { id: run.id }),
    onSettled: onDone,
  })
  const { handout } = run
  if (!handout) return null
  const waits = handout.rows > 0 && new Date(handout.until) > new Date()
  const lost = t('如已遗失，请在“账号”页对相关人员逐个重置。')
  if (!waits)
    return (
      <>
        <p className="hint">
          {handout.fetchedAt
            ? t('邀请码表已于 {time} 下载，不能再次下载。', { time: formatTime(handout.fetchedAt) })
            : t('邀请码已过期。')}
          {lost}
        </p>
        <ProblemAlert error={save.error} />
      </>
    )
  return (
    <>
      <Alert
        showIcon
        type="info"
        title={t('{rows} 个新账号的邀请码待下载', { rows: formatCount(handout.rows) })}
        description={
          <div className="stack">
            {t('只有您本人能下载，且只能下载一次，{until} 失效。请分发给本人，在 /invite 设置密码。', {
              until: formatTime(handout.until),
            })}
            <div>
              <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
                {t('下载邀请码')}
              </Button>
            </div>
          </div>
        }
      />
      <ProblemAlert error={save.error} />
    </>
  )
}
