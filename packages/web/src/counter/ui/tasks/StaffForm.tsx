/** @jsxImportSource preact */
import { checkDocument, checkMobile } from '@vigil/codes'
import type { OwnStaff } from '@vigil/contract'
import { exemptReasons, staffRoles, testOutcomes } from '@vigil/contract/terms'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { SendError } from '../../../device/failure.ts'
import { Icon } from '../../../device/Icon.tsx'
import { exemptReasonNames, staffRoleNames, testOutcomeNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import * as state from '../../app/state.ts'
import { shanghaiDay } from '../../core/opening.ts'
import { ScanSheet } from '../ScanSheet.tsx'
import { useCounter } from '../use.ts'

const today = () => shanghaiDay(Date.now() + state.skew.value)

interface FormProps {
  readonly onDone: (next: OwnStaff) => void
}

/** Sends a form: what is missing or refused is told below it, and nothing waits on the device. */
function useSend(onDone: FormProps['onDone'], done: string) {
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const send = async (work: () => Promise<OwnStaff>) => {
    if (busy) return
    setBusy(true)
    setProblem('')
    try {
      onDone(await work())
      state.say(done)
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      const { kind, message, errors } = error.failure
      setProblem(kind === 'offline' ? t('没有网络，未能提交，请联网后再办') : (errors?.[0]?.detail ?? message))
    } finally {
      setBusy(false)
    }
  }
  return { problem, setProblem, busy, send }
}

function Choice<T extends string>(props: {
  readonly legend: string
  readonly values: readonly T[]
  readonly names: Readonly<Record<T, string>>
  readonly value: T | null
  readonly onChoose: (value: T) => void
}) {
  return (
    <fieldset class="question">
      <legend>{props.legend}</legend>
      <div class="chips">
        {props.values.map((value) => (
          <button
            key={value}
            type="button"
            class={value === props.value ? 'chip on' : 'chip'}
            aria-pressed={value === props.value}
            onClick={() => props.onChoose(value)}
          >
            {props.names[value]}
          </button>
        ))}
      </div>
    </fieldset>
  )
}

function Line(props: {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  readonly type?: 'text' | 'tel' | 'date'
  readonly max?: string
  readonly hint?: string
  readonly maxLength?: number
  readonly children?: ComponentChildren
}) {
  return (
    <div class="field">
      <label for={props.id}>
        {props.label}
        {props.hint && <span class="hint">{props.hint}</span>}
      </label>
      <input
        id={props.id}
        type={(props.type ?? 'text') as 'text'}
        value={props.value}
        maxLength={props.maxLength ?? 60}
        autocomplete="off"
        {...(props.max ? { max: props.max } : {})}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      {props.children}
    </div>
  )
}

function Buttons({
  problem,
  busy,
  label,
  onCancel,
}: {
  problem: string
  busy: boolean
  label: string
  onCancel?: () => void
}) {
  return (
    <>
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="two task-buttons">
        {onCancel && (
          <button type="button" class="secondary" onClick={onCancel}>
            {t('取消')}
          </button>
        )}
        <button type="submit" class="primary" disabled={busy}>
          {label}
        </button>
      </div>
    </>
  )
}

/** A test: when it was sampled, the code of tube or report typed or scanned, and its outcome when it is known. */
export function ResultForm({ memberId, onDone }: FormProps & { memberId: string }) {
  const counter = useCounter()
  const [day, setDay] = useState(today())
  const [time, setTime] = useState(() =>
    new Date(Date.now() + state.skew.value + 8 * 3_600_000).toISOString().slice(11, 16),
  )
  const [code, setCode] = useState('')
  const [outcome, setOutcome] = useState<(typeof testOutcomes)[number]>('pending')
  const [scan, setScan] = useState(false)
  const { problem, setProblem, busy, send } = useSend(onDone, t('已登记检测'))
  const id = (part: string) => `staff-${memberId}-${part}`
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const sampledAt = new Date(`${day}T${time}:00+08:00`)
        if (Number.isNaN(sampledAt.getTime())) return setProblem(t('请填写采样日期和时间'))
        if (code !== '' && !/^[0-9A-Za-z-]{4,40}$/.test(code))
          return setProblem(t('编号为 4 至 40 位字母、数字或连字符'))
        void send(() =>
          counter.tasks.call('staff.own-result', {
            body: { memberId, outcome, sampledAt: sampledAt.toISOString(), ...(code === '' ? {} : { code }) },
          }),
        )
      }}
    >
      <Line id={id('day')} label={t('采样日期')} type="date" max={today()} value={day} onInput={setDay} />
      <Line id={id('time')} label={t('采样时间')} value={time} maxLength={5} onInput={setTime} />
      <Line id={id('code')} label={t('试管或报告编号')} hint={t('选填')} maxLength={40} value={code} onInput={setCode}>
        <button type="button" class="add-line" onClick={() => setScan(true)}>
          <Icon name="scan" /> {t('扫码填写')}
        </button>
      </Line>
      <Choice
        legend={t('检测结果')}
        values={testOutcomes}
        names={testOutcomeNames}
        value={outcome}
        onChoose={setOutcome}
      />
      <Buttons problem={problem} busy={busy} label={t('登记')} />
      {scan && (
        <ScanSheet
          onClose={() => setScan(false)}
          onCode={(raw) => {
            const read = raw
              .trim()
              .replace(/[^0-9A-Za-z-]/g, '')
              .slice(0, 40)
            if (read.length < 4) return false
            setCode(read)
            setScan(false)
            return true
          }}
        />
      )}
    </form>
  )
}

/** Days without duty to be tested, or the last day of somebody who goes. */
export function AwayForm({ memberId, onDone }: FormProps & { memberId: string }) {
  const counter = useCounter()
  const [kind, setKind] = useState<'exempt' | 'leave'>('exempt')
  const [from, setFrom] = useState(today())
  const [to, setTo] = useState(today())
  const [reason, setReason] = useState<(typeof exemptReasons)[number]>('leave')
  const [note, setNote] = useState('')
  const { problem, busy, send } = useSend(onDone, t('已登记'))
  const id = (part: string) => `away-${memberId}-${part}`
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void send(() =>
          kind === 'exempt'
            ? counter.tasks.call('staff.own-exempt', { body: { memberId, from, to, reason, note: note.trim() } })
            : counter.tasks.call('staff.own-leave', { body: { memberId, leftOn: from, reason: 'resigned' } }),
        )
      }}
    >
      <Choice
        legend={t('登记什么')}
        values={['exempt', 'leave']}
        names={{ exempt: t('休假等暂免检测'), leave: t('已离岗') }}
        value={kind}
        onChoose={setKind}
      />
      <Line
        id={id('from')}
        label={kind === 'exempt' ? t('开始日期') : t('不再在岗的第一天')}
        type="date"
        value={from}
        onInput={setFrom}
      />
      {kind === 'exempt' && (
        <>
          <Line id={id('to')} label={t('结束日期')} type="date" value={to} onInput={setTo} />
          <Choice
            legend={t('原因')}
            values={exemptReasons}
            names={exemptReasonNames}
            value={reason}
            onChoose={setReason}
          />
          <Line id={id('note')} label={t('说明')} maxLength={200} value={note} onInput={setNote} />
        </>
      )}
      <Buttons problem={problem} busy={busy} label={t('登记')} />
    </form>
  )
}

/** Somebody new on the own roster. */
export function AddForm({ onDone, onCancel }: FormProps & { onCancel: () => void }) {
  const counter = useCounter()
  const [name, setName] = useState('')
  const [number, setNumber] = useState('')
  const [mobile, setMobile] = useState('')
  const [role, setRole] = useState<(typeof staffRoles)[number]>('clerk')
  const { problem, setProblem, busy, send } = useSend(onDone, t('已登记从业人员'))
  return (
    <form
      class="line task-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() === '') return setProblem(t('请填写姓名'))
        const document = checkDocument('citizen-id', number)
        if (!document.ok) return setProblem(document.message)
        const phone = checkMobile(mobile)
        if (!phone.ok) return setProblem(phone.message)
        const body = { role, name, documentType: 'citizen-id' as const, documentNumber: number, mobile }
        void send(() => counter.tasks.call('staff.own-add', { body }))
      }}
    >
      <Line id="staff-name" label={t('姓名')} value={name} onInput={setName} />
      <Line id="staff-number" label={t('身份证号码')} value={number} maxLength={22} onInput={setNumber} />
      <Line id="staff-mobile" label={t('手机号')} type="tel" value={mobile} maxLength={20} onInput={setMobile} />
      <Choice legend={t('岗位')} values={staffRoles} names={staffRoleNames} value={role} onChoose={setRole} />
      <Buttons problem={problem} busy={busy} label={t('添加')} onCancel={onCancel} />
    </form>
  )
}
