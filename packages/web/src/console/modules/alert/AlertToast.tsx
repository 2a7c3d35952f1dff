import { useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useEffect } from 'react'
import { t } from '../../../text.ts'
import { onAlert } from '../../kernel/live.ts'
import { GradeMark } from '../../ui/GradeMark.tsx'

/** Changes that somebody at the desk should hear of at once. */
const told = new Set(['opened', 'upgraded', 'escalated'])
/** What was opened longer ago is no news (a history that is read in), in ms. */
const newsMs = 3 * 86_400_000

/** Tells of orange and red alerts on whatever page one is. */
export function AlertToast() {
  const { notification } = App.useApp()
  const navigate = useNavigate()
  useEffect(
    () =>
      onAlert(({ id, grade, change, title, openedAt }) => {
        if (!title || !told.has(change) || (grade !== 'orange' && grade !== 'red')) return
        if (Date.now() - Date.parse(openedAt) > newsMs) return
        const key = `alert-${id}`
        notification.open({
          key,
          duration: grade === 'red' ? 0 : 20,
          role: 'alert',
          title: <GradeMark grade={grade} long />,
          description: title,
          actions: (
            <Button
              type="primary"
              size="small"
              onClick={() => {
                notification.destroy(key)
                void navigate({ to: `/alerts/${id}` } as never)
              }}
            >
              {t('查看')}
            </Button>
          ),
        })
      }),
    [notification, navigate],
  )
  return null
}
