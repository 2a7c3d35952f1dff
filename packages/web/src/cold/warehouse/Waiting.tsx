/** @jsxImportSource preact */
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import { Go } from '../ui/Go.tsx'
import { refused, waiting } from './work.ts'

/** How many wait on this device and how many were refused; nothing when all is through. */
export function Waiting() {
  const [wait, bad] = [waiting.value.length, refused.value.length]
  if (wait + bad === 0) return null
  return (
    <Go to="/outbox" class={bad > 0 ? 'waiting bad' : 'waiting'}>
      <Icon name={bad > 0 ? 'warn' : 'sync'} size={20} />
      <span>
        {wait > 0 && t('{count} 件待上传', { count: wait })}
        {wait > 0 && bad > 0 && '，'}
        {bad > 0 && t('{count} 件被退回', { count: bad })}
      </span>
    </Go>
  )
}
