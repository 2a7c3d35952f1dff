import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ImportRun } from '@vigil/contract'
import { Alert, Button, Progress, Typography } from 'antd'
import { useEffect } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatBytes, formatCount, formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading, ProblemAlert } from '../../ui/states.tsx'
import './import.css'
import { Handout } from './Handout.tsx'
import { listKey, openErrors } from './ImportPage.tsx'
import { Mapping } from './Mapping.tsx'
import { Counts, Problems } from './Outcome.tsx'
import { isBusy, kindNames, percentOf, stateNames, tones } from './words.ts'

const pollMs = 1000

/** What stands above the steps: a run under way, broken off, or at its end. */
function State({ run }: { readonly run: ImportRun }) {
  if (isBusy(run))
    return (
      <div role="status">
        <Progress percent={percentOf(run)} aria-label={t('进度')} />
        <p className="hint">
          {run.status === 'checking'
            ? t('正在试导入，不写入数据。可以离开此页，稍后再看。')
            : t('正在导入，可以离开此页；服务器重启后会从已写入的行之后继续。')}
          {run.rows > 0 ? t('已处理 {rows} 行。', { rows: formatCount(run.rows) }) : ''}
        </p>
      </div>
    )
  if (run.error)
    return (
      <Alert
        showIcon
        type="error"
        title={run.error}
        description={run.result.total > 0 ? t('已写入的行保留，继续导入不会重复。') : undefined}
      />
    )
  if (run.status === 'done')
    return (
      <Alert
        showIcon
        type={run.result.refused ? 'warning' : 'success'}
        title={
          run.result.refused
            ? t('已完成，有 {refused} 行未导入', { refused: formatCount(run.result.refused) })
            : t('已完成，全部行都已导入或原已存在')
        }
        {...(run.errorFile ? { action: <Button onClick={() => openErrors(run)}>{t('下载错误行')}</Button> } : {})}
      />
    )
  return null
}

/** One import: its columns, the dry run, the run itself, and what came back. */
export function RunPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    queryKey: [...keys.imports, id],
    queryFn: () => call('import.read', { params: { id } }),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? pollMs : false),
  })
  const take = (run: ImportRun) => queryClient.setQueryData([...keys.imports, id], run)
  const step = useMutation({
    mutationFn: (name: 'import.check' | 'import.run' | 'import.cancel') => call(name, { params: { id } }),
    onSuccess: take,
  })
  const run = query.data
  const state = run?.status
  // The list shows this state too, and may have been loaded before it.
  useEffect(() => {
    if (state) void queryClient.invalidateQueries({ queryKey: listKey })
  }, [state])
  const begins = run?.status === 'uploaded' || run?.status === 'checked' || (run?.status === 'failed' && run.rows === 0)
  const goesOn = !begins && (run?.status === 'failed' || run?.status === 'cancelled')
  return (
    <Page
      title={t('导入：{name}', { name: run?.filename ?? '' })}
      note={<ScopeLink to="/imports">{t('返回数据导入')}</ScopeLink>}
      actions={
        run ? (
          <>
            {isBusy(run) ? (
              <Button danger loading={step.isPending} onClick={() => step.mutate('import.cancel')}>
                {t('停止')}
              </Button>
            ) : null}
            {begins ? (
              <Button loading={step.isPending} onClick={() => step.mutate('import.check')}>
                {t('试导入')}
              </Button>
            ) : null}
            {begins || goesOn ? (
              <Button type="primary" loading={step.isPending} onClick={() => step.mutate('import.run')}>
                {goesOn ? t('继续导入') : t('开始导入')}
              </Button>
            ) : null}
          </>
        ) : null
      }
    >
      <ProblemAlert error={step.error} />
      {query.error ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!run && !query.error ? <Loading /> : null}
      {run ? (
        <>
          <Panel
            title={
              <span className="in-line">
                {kindNames[run.kind]} <Mark tone={tones[run.status]}>{stateNames[run.status]}</Mark>
              </span>
            }
          >
            <div className="stack">
              <State run={run} />
              {run.handout && !isBusy(run) ? <Handout run={run} onDone={() => void query.refetch()} /> : null}
            </div>
            {run.preview && run.result.total === 0 ? (
              <Counts title={t('试导入的结果（没有写入）')} counts={run.preview} />
            ) : null}
            {run.result.total > 0 ? <Counts title={t('导入结果')} counts={run.result} /> : null}
            <p className="hint">
              {t('{size}，{time} 上传', { size: formatBytes(run.bytes), time: formatTime(run.createdAt) })}
              {' · SHA-256 '}
              <Typography.Text code copyable={{ text: run.sha256 }}>
                {run.sha256.slice(0, 12)}…
              </Typography.Text>
            </p>
          </Panel>
          {run.problems.length > 0 ? <Problems run={run} /> : null}
          {begins ? <Mapping key={run.id} id={id} onSaved={() => void query.refetch()} /> : null}
        </>
      ) : null}
    </Page>
  )
}
