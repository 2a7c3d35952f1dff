import { useNavigate } from '@tanstack/react-router'
import type { AlertGrade } from '@vigil/contract'
import { App, Button } from 'antd'
import { useEffect, useRef } from 'react'
import { t } from '../../../text.ts'
import { onAlert } from '../../kernel/live.ts'
import { GradeMark } from '../../ui/GradeMark.tsx'
import './alert.css'

/** Changes that somebody at the desk should hear of at once. */
const told = new Set(['opened', 'upgraded', 'escalated'])
/** What was opened longer ago is no news (a history that is read in), in ms. */
const newsMs = 3 * 86_400_000
/** Titles that are named; the others are counted. */
const named = 3
const key = 'alerts'

interface Unseen {
  readonly grade: AlertGrade
  readonly title: string
}

/**
 * Tells of orange and red alerts on whatever page one is: all that nobody looked at in one box, in the corner where no page has
 * its buttons, since a day of much demand raises several at once.
 */
export function AlertToast() {
  const { notification } = App.useApp()
  const navigate = useNavigate()
  const unseen = useRef(new Map<string, Unseen>())
  useEffect(() => {
    const seen = () => unseen.current.clear()
    return onAlert(({ id, grade, change, title, openedAt }) => {
      if (!title || !told.has(change) || (grade !== 'orange' && grade !== 'red')) return
      if (Date.now() - Date.parse(openedAt) > newsMs) return
      // The newest first, also when it is known from a lower grade.
      unseen.current = new Map([[id, { grade, title }], ...[...unseen.current].filter(([other]) => other !== id)])
      const all = [...unseen.current]
      const highest = all.some(([, one]) => one.grade === 'red') ? 'red' : 'orange'
      const open = (to: string) => {
        seen()
        notification.destroy(key)
        void navigate({ to } as never)
      }
      notification.open({
        key,
        placement: 'bottomRight',
        duration: highest === 'red' ? 0 : 20,
        role: 'alert',
        title: <GradeMark grade={highest} long />,
        description: all.slice(0, named).map(([each, one]) => (
          <Button key={each} type="link" className="alert-toast-line" onClick={() => open(`/alerts/${each}`)}>
            {one.title}
          </Button>
        )),
        onClose: seen,
        actions: (
          <Button
            type="primary"
            size="small"
            onClick={() => open(all.length === 1 ? `/alerts/${all[0]![0]}` : '/alerts')}
          >
            {all.length === 1 ? t('查看') : t('查看全部 {count} 条', { count: all.length })}
          </Button>
        ),
      })
    })
  }, [notification, navigate])
  return null
}
