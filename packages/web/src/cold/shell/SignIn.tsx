/** @jsxImportSource preact */
import { useState } from 'preact/hooks'
import { SendError } from '../../device/failure.ts'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import { accept, messageOf, signIn } from '../session.ts'
import { signedOut } from '../state.ts'
import { Line } from '../ui/Line.tsx'

const shortest = 10

/** Name and password, the second factor when it is asked for, or the first password with an invitation code. */
export function SignIn() {
  const [way, setWay] = useState<'password' | 'invitation'>('password')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [asksTotp, setAsksTotp] = useState(false)
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (event: Event) => {
    event.preventDefault()
    if (username.trim() === '' || password === '') return setProblem(t('请输入用户名和密码'))
    if (way === 'invitation' && password.length < shortest) return setProblem(t('密码至少 {shortest} 位', { shortest }))
    setBusy(true)
    setProblem('')
    try {
      await (way === 'password' ? signIn(username, password, code) : accept(username, code, password))
    } catch (error) {
      const asks = error instanceof SendError && error.failure.code.startsWith('totp')
      if (asks) setAsksTotp(true)
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  const isInvited = way === 'invitation'
  return (
    <main class="cover">
      <div class="cover-head">
        <span class="cover-mark">
          <Icon name="cold" size={34} />
        </span>
        <h1>{t('进口冷链食品追溯')}</h1>
        <p class="muted">{t('货主、监管仓、经营者和门店从这里申报、收发、查看库存')}</p>
      </div>
      <form class="card" onSubmit={(event) => void submit(event)} noValidate>
        {signedOut.value !== '' && <p class="note warn">{signedOut.value}</p>}
        <Line id="username" label={t('用户名')} value={username} onInput={setUsername} autoComplete="username" />
        {isInvited && (
          <Line id="code" label={t('邀请码')} value={code} onInput={setCode} autoComplete="one-time-code" />
        )}
        <Line
          id="password"
          label={isInvited ? t('设置密码（至少 10 位）') : t('密码')}
          value={password}
          onInput={setPassword}
          type="password"
          autoComplete={isInvited ? 'new-password' : 'current-password'}
        />
        {asksTotp && !isInvited && (
          <Line
            id="totp"
            label={t('动态口令')}
            value={code}
            onInput={setCode}
            mode="numeric"
            autoComplete="one-time-code"
          />
        )}
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={busy}>
          {busy ? t('请稍候…') : isInvited ? t('设置密码并登录') : t('登录')}
        </button>
        <button type="button" class="text-button" onClick={() => setWay(isInvited ? 'password' : 'invitation')}>
          {isInvited ? t('已有密码，去登录') : t('第一次使用？用邀请码设置密码')}
        </button>
      </form>
    </main>
  )
}
