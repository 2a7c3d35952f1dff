import { Alert, Button, Empty, Spin } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../../text.ts'
import { problemOf } from '../kernel/problem.ts'

/** Shown while nothing has come yet. */
export function Loading({ text = t('正在加载…') }: { text?: string }) {
  return (
    <div className="state" role="status">
      <Spin />
      <span>{text}</span>
    </div>
  )
}

/** Shown when there is nothing: says why and what can be done. */
export function EmptyState({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="state">
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text}>
        {children}
      </Empty>
    </div>
  )
}

/** Shown when something failed; the button tries again. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = problemOf(error)
  return (
    <div className="state" role="alert">
      <strong>{problem.title}</strong>
      {problem.detail && problem.detail !== problem.title ? <span>{problem.detail}</span> : null}
      {retry ? <Button onClick={retry}>{t('重试')}</Button> : null}
    </div>
  )
}

/** A refusal inside a form or dialog, with the field messages that have no field of their own. Nothing when there is no error. */
export function ProblemAlert({ error, fields = false }: { error: unknown; fields?: boolean }) {
  if (!error) return null
  const problem = problemOf(error)
  const details = fields ? (problem.errors ?? []).map(({ detail }) => detail) : []
  const body = [problem.detail === problem.title ? undefined : problem.detail, ...details].filter(Boolean)
  return (
    <Alert
      type="error"
      showIcon
      className="problem"
      title={problem.title}
      description={body.length ? body.map((line) => <div key={line}>{line}</div>) : undefined}
    />
  )
}
