import { useMutation, useQuery } from '@tanstack/react-query'
import { Badge, Button, Popover } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatPeriod } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { Icon } from '../../ui/icons.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { ExportProgress, fetchExport, statusNames } from './files.tsx'

/** Running exports are asked after this often, in ms. */
const pollMs = 1000
const seenKey = 'exports.seen'

/** Messages: exports under way and ready, with their download. */
export function Tray() {
  const [open, setOpen] = useState(false)
  const [seen, setSeen] = useState(() => localStorage.getItem(seenKey) ?? '')
  const list = useQuery({
    queryKey: [...keys.exports, 'tray'],
    queryFn: () => call('export.list', { query: { limit: 8 } }),
    refetchInterval: ({ state }) => (state.data?.items.some(({ status }) => status === 'running') ? pollMs : false),
  })
  const save = useMutation({ mutationFn: fetchExport })
  const items = list.data?.items ?? []
  const fresh = items.filter(({ createdAt, status }) => status !== 'expired' && createdAt > seen).length
  const look = (next: boolean) => {
    setOpen(next)
    const newest = items.filter(({ status }) => status !== 'running')[0]?.createdAt
    if (next || !newest || newest <= seen) return
    setSeen(newest)
    localStorage.setItem(seenKey, newest)
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={look}
      title={t('消息')}
      content={
        <div className="tray">
          {items.length === 0 ? <p className="hint">{t('还没有导出。')}</p> : null}
          <ul className="plain">
            {items.map((item) => (
              <li key={item.id}>
                <div>
                  <strong className="number">{item.number}</strong> {item.format.toUpperCase()}
                  {item.clear ? t(' 明文') : ''}
                </div>
                <div className="muted">
                  {item.areaName} · {item.from && item.to ? formatPeriod(item.from, item.to) : null}
                </div>
                {item.status === 'running' ? <ExportProgress item={item} /> : null}
                {item.status === 'ready' ? (
                  <Button size="small" type="primary" ghost onClick={() => save.mutate(item)}>
                    {t('下载 {toUpperCase}（{rows} 行）', {
                      toUpperCase: item.format.toUpperCase(),
                      rows: formatCount(item.rows),
                    })}
                  </Button>
                ) : null}
                {item.status === 'failed' ? <span className="fever">{item.error ?? t('导出失败，请重试')}</span> : null}
                {item.status === 'expired' ? <span className="muted">{statusNames.expired}</span> : null}
              </li>
            ))}
          </ul>
          <ProblemAlert error={save.error} />
          <ScopeLink to="/exports" onClick={() => setOpen(false)}>
            {t('全部导出')}
          </ScopeLink>
        </div>
      }
    >
      <Button type="text" className="tray-button" aria-label={fresh ? t('消息，{fresh} 条新的', { fresh }) : t('消息')}>
        <Badge count={fresh} size="small" offset={[4, -2]}>
          <Icon name="inbox" size={20} />
        </Badge>
      </Button>
    </Popover>
  )
}
