import { useNavigate } from '@tanstack/react-router'
import { Button, Input, Popover, Space } from 'antd'
import { useState } from 'react'
import { t } from '../../text.ts'
import { useRawSearch } from '../kernel/scope.ts'
import { useMe } from '../kernel/session.ts'
import { readViews, searchOf, type View, viewOf, withView } from '../kernel/views.ts'
import { Icon } from './icons.tsx'

/** Saved views of a list: the filter in the address bar and the columns, kept on this device for the account. */
export function Views({
  page,
  columns,
  onColumns,
}: {
  readonly page: string
  readonly columns?: readonly string[]
  readonly onColumns?: (columns: readonly string[]) => void
}) {
  const me = useMe()
  const search = useRawSearch()
  const navigate = useNavigate()
  const place = `views.${me?.id ?? ''}.${page}`
  const [views, setViews] = useState<readonly View[]>(() => readViews(localStorage.getItem(place)))
  const [name, setName] = useState('')
  const [open, setOpen] = useState(false)
  const keep = (next: readonly View[]) => {
    setViews(next)
    localStorage.setItem(place, JSON.stringify(next))
  }
  const save = () => {
    if (!name.trim()) return
    keep(withView(views, viewOf(name, search, columns)))
    setName('')
  }
  const show = (view: View) => {
    if (view.columns) onColumns?.(view.columns)
    setOpen(false)
    void navigate({ to: '.', search: searchOf(view) as never })
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t('保存的视图')}
      open={open}
      onOpenChange={setOpen}
      content={
        <div className="views">
          {views.length ? (
            <ul className="plain">
              {views.map((view) => (
                <li key={view.name}>
                  <button type="button" className="link" onClick={() => show(view)}>
                    {view.name}
                  </button>
                  <Button
                    type="text"
                    size="small"
                    aria-label={t('删除视图 {name}', { name: view.name })}
                    onClick={() => keep(views.filter((each) => each !== view))}
                  >
                    {t('删除')}
                  </Button>
                </li>
              ))}
            </ul>
          ) : (
            <p className="hint">{t('把常用的区划、时段、筛选和列存为视图，下次一键打开。')}</p>
          )}
          <Space.Compact block>
            <Input
              aria-label={t('视图名称')}
              placeholder={t('当前视图的名称')}
              maxLength={30}
              value={name}
              onChange={(event) => setName(event.target.value)}
              onPressEnter={save}
            />
            <Button disabled={!name.trim()} onClick={save}>
              {t('保存')}
            </Button>
          </Space.Compact>
        </div>
      }
    >
      <Button icon={<Icon name="view" />}>{t('视图')}</Button>
    </Popover>
  )
}
