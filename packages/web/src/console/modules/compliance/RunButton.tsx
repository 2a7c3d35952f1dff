import { useMutation } from '@tanstack/react-query'
import type { ComplianceRun } from '@vigil/contract'
import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { refresh } from './words.ts'

/** Judges the stores of the area again; shows how far the last run is. */
export function RunButton({ area, run }: { readonly area: string | undefined; readonly run: ComplianceRun | null }) {
  const order = useMutation({
    mutationFn: () => call('compliance.run', { body: area ? { area } : {} }),
    onSuccess: refresh,
  })
  const running = run !== null && run.finishedAt === null
  const before = useRef(running)
  useEffect(() => {
    if (before.current && !running) refresh()
    before.current = running
  }, [running])
  return (
    <>
      <Button icon={<Icon name="refresh" />} loading={running || order.isPending} onClick={() => order.mutate()}>
        {running ? t('核查中，已核查 {count} 家', { count: formatCount(run.judged) }) : t('重新核查')}
      </Button>
      {run?.finishedAt ? (
        <span className="muted conduct-aside">{t('最近核查 {at}', { at: formatTime(run.finishedAt) })}</span>
      ) : null}
      <ProblemAlert error={order.error} />
    </>
  )
}
