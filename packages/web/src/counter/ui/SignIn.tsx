/** @jsxImportSource preact */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import type { SignInAnswer } from '../app/sign-in.ts'
import * as state from '../app/state.ts'
import { Keypad } from './Keypad.tsx'
import { useCounter } from './use.ts'

/** Six dots and a keypad; calls back with a complete PIN. Typing on a keyboard works as well. */
function PinEntry(props: { label: string; problem: string; busy: boolean; onComplete: (pin: string) => void }) {
  const [pin, setPin] = useState('')
  const input = useRef<HTMLInputElement>(null)
  // Before it is seen, or the first key of who types fast is lost; anew after each try, since what was disabled has no focus.
  useLayoutEffect(() => {
    if (!props.busy) input.current?.focus()
  }, [props.busy])
  const take = (next: string) => {
    const clean = next.replace(/\D/g, '').slice(0, 6)
    setPin(clean)
    if (clean.length < 6 || props.busy) return
    setPin('')
    props.onComplete(clean)
  }
  return (
    <div class="pin">
      <label class="pin-label" for="pin">
        {props.label}
      </label>
      <div class="pin-dots" aria-hidden="true">
        {[0, 1, 2, 3, 4, 5].map((i) => (
          <span key={i} class={i < pin.length || props.busy ? 'dot full' : 'dot'} />
        ))}
      </div>
      <input
        id="pin"
        ref={input}
        class="pin-input"
        type="password"
        inputMode="none"
        autocomplete="off"
        value={pin}
        maxLength={6}
        disabled={props.busy}
        aria-describedby="pin-problem"
        onInput={(event) => take(event.currentTarget.value)}
      />
      <p class="problem center" id="pin-problem" role="alert">
        {props.busy ? '' : props.problem}
      </p>
      <Keypad
        label={t('PIN 键盘')}
        corner={null}
        onKey={(key) => take(key === 'back' ? pin.slice(0, -1) : pin + key)}
      />
    </div>
  )
}

function Brand() {
  return (
    <p class="brand">
      <img src="/icon.svg" alt="" width="40" height="40" />
      <span>
        {t('守望')} <span class="brand-sub">{t('药店登记')}</span>
      </span>
    </p>
  )
}

/** First use of a device: the store's one-time code, then a PIN entered twice. */
export function Activate() {
  const counter = useCounter()
  const [code, setCode] = useState('')
  const [first, setFirst] = useState('')
  const [phase, setPhase] = useState<'code' | 'pin' | 'again'>('code')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const store = state.storeCode.value
  const device = state.session.value.device

  const begin = (event: Event) => {
    event.preventDefault()
    if (code.trim() === '') return setProblem(t('请输入激活码'))
    setProblem('')
    setPhase('pin')
  }
  const choose = (pin: string) => {
    if (/^(\d)\1{5}$/.test(pin) || '0123456789'.includes(pin) || '9876543210'.includes(pin))
      return setProblem(t('PIN 过于简单，请换一个'))
    setFirst(pin)
    setProblem('')
    setPhase('again')
  }
  const confirm = async (pin: string) => {
    if (pin !== first) {
      setPhase('pin')
      return setProblem(t('两次输入不一致，请重新设置'))
    }
    setBusy(true)
    const answer = await counter.activate(code, pin)
    setBusy(false)
    if (answer.problem === '') return
    setProblem(answer.problem)
    setPhase('code')
  }

  if (store === '')
    return (
      <main class="sign-in">
        <Brand />
        <h1>{t('请扫描本店二维码')}</h1>
        <p class="lead">{t('用手机扫描店内张贴的“一店一码”海报，从那里打开登记页。')}</p>
      </main>
    )
  return (
    <main class="sign-in">
      <Brand />
      {phase === 'code' ? (
        <form onSubmit={begin} class="activate">
          <h1>{t('开通本机')}</h1>
          <p class="lead">
            {t('门店编码')} <strong>{store}</strong>
            <br />
            {t('请输入市场监管所发放的激活码，每台手机只需一次。')}
          </p>
          {device && device.storeCode !== store && (
            <p class="note warn">
              {t('本机已为“{storeName}”开通，继续将改为本店使用。', { storeName: device.storeName })}
            </p>
          )}
          <div class={problem === '' ? 'field' : 'field wrong'}>
            <label for="activation">{t('激活码')}</label>
            <input
              id="activation"
              value={code}
              maxLength={40}
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              aria-describedby="activation-problem"
              onInput={(event) => setCode(event.currentTarget.value)}
            />
            <p class="problem" id="activation-problem" role="alert">
              {problem}
            </p>
          </div>
          <button type="submit" class="primary">
            {t('下一步')}
          </button>
        </form>
      ) : (
        <>
          <h1>{phase === 'pin' ? t('设置 6 位 PIN') : t('再输入一次')}</h1>
          <p class="lead">{t('以后每次打开只需输入 PIN，请勿告诉顾客。')}</p>
          <PinEntry
            key={phase}
            label={phase === 'pin' ? t('新 PIN') : t('确认 PIN')}
            problem={problem}
            busy={busy}
            onComplete={(pin) => void (phase === 'pin' ? choose(pin) : confirm(pin))}
          />
        </>
      )}
    </main>
  )
}

const reasons = {
  start: t('输入 PIN 开始登记'),
  idle: t('长时间未操作，已自动锁定'),
  expired: t('登录已过期，请重新输入 PIN，已填内容不会丢失'),
  'by-hand': t('已锁定'),
} as const

/** Asks the PIN over whatever was on the screen, which stays as it was. */
export function Unlock() {
  const counter = useCounter()
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<SignInAnswer>({ problem: '' })
  const { device, reason } = state.session.value
  const enter = async (pin: string) => {
    setBusy(true)
    setAnswer({ problem: '' })
    const next = await counter.unlock(pin)
    setBusy(false)
    setAnswer(next)
  }
  return (
    <div class="sign-in over" role="dialog" aria-modal="true" aria-label={t('输入 PIN')}>
      <Brand />
      <h1>{device?.storeName ?? t('药店登记')}</h1>
      <p class="lead">
        {reasons[reason]}
        {!state.online.value && (
          <>
            <br />
            {t('当前离线，可用 PIN 继续登记')}
          </>
        )}
      </p>
      <PinEntry label="PIN" problem={answer.problem} busy={busy} onComplete={(pin) => void enter(pin)} />
      {answer.reset && (
        <button type="button" class="text-button" onClick={counter.forget}>
          {t('用激活码重新开通本机')}
        </button>
      )}
    </div>
  )
}

/** Shown while the device's store opens. */
export function Starting() {
  return (
    <main class="sign-in" aria-busy="true">
      <Brand />
      <p class="lead">
        <Icon name="sync" size={20} /> {t('正在打开…')}
      </p>
    </main>
  )
}
