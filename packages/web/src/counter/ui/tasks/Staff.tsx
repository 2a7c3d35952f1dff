/** @jsxImportSource preact */
import { signal } from '@preact/signals'
import type { OwnStaff, StaffMember } from '@vigil/contract'
import { useState } from 'preact/hooks'
import { SendError } from '../../../device/failure.ts'
import { staffRoleNames, staffStateNames, testOutcomeNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import type { TaskActions } from '../../app/tasks.ts'
import { AddForm, AwayForm, ResultForm } from './StaffForm.tsx'
import type { TaskSection } from './section.ts'
import { dayTime } from './time.ts'

const own = signal<OwnStaff | null>(null)
const urgent = new Set(['soon', 'due', 'overdue'])

async function load(tasks: TaskActions) {
  try {
    own.value = await tasks.call('staff.own')
    await tasks.keep('staff', own.value)
  } catch (error) {
    if (error instanceof SendError && own.value === null) own.value = (await tasks.kept<OwnStaff>('staff')) ?? null
    throw error
  }
  const { items } = own.value
  return {
    open: items.filter(({ state }) => urgent.has(state)).length,
    overdue: items.filter(({ state }) => state === 'overdue').length,
  }
}

const tone = (state: StaffMember['state']) =>
  state === 'overdue' || state === 'due' ? 'badge refused' : state === 'soon' ? 'badge waiting' : 'badge'

function Line({ member, onDone }: { member: StaffMember; onDone: (next: OwnStaff) => void }) {
  const [open, setOpen] = useState<'no' | 'result' | 'away'>('no')
  const done = (next: OwnStaff) => {
    setOpen('no')
    onDone(next)
  }
  const { dueOn, lastSampledAt, lastOutcome, exemptUntil } = member
  return (
    <li class={member.state === 'overdue' ? 'line refused' : 'line'}>
      <button
        type="button"
        class="line-main"
        aria-expanded={open !== 'no'}
        onClick={() => setOpen(open === 'no' ? 'result' : 'no')}
      >
        <span class="line-who">
          <strong>
            {member.name ?? '—'} · {staffRoleNames[member.role]}
          </strong>
          <span class="line-drugs">{member.document}</span>
          <span class="line-drugs">
            {lastSampledAt === null
              ? t('还没有检测记录')
              : t('{time} 采样{outcome}', {
                  time: dayTime(lastSampledAt),
                  outcome: lastOutcome ? ` · ${testOutcomeNames[lastOutcome]}` : '',
                })}
          </span>
          {dueOn !== null && <span class="line-drugs">{t('最迟 {day} 采样', { day: dueOn })}</span>}
          {exemptUntil !== null && <span class="line-drugs">{t('暂免至 {day}', { day: exemptUntil })}</span>}
        </span>
        <span class="line-status">
          <span class={tone(member.state)}>{staffStateNames[member.state]}</span>
        </span>
      </button>
      {open !== 'no' && (
        <div class="notice-body">
          <div class="chips">
            <button
              type="button"
              class={open === 'result' ? 'chip on' : 'chip'}
              aria-pressed={open === 'result'}
              onClick={() => setOpen('result')}
            >
              {t('登记检测')}
            </button>
            <button
              type="button"
              class={open === 'away' ? 'chip on' : 'chip'}
              aria-pressed={open === 'away'}
              onClick={() => setOpen('away')}
            >
              {t('休假或离岗')}
            </button>
          </div>
          {open === 'result' ? (
            <ResultForm memberId={member.id} onDone={done} />
          ) : (
            <AwayForm memberId={member.id} onDone={done} />
          )}
        </div>
      )}
    </li>
  )
}

function Staff() {
  const [adding, setAdding] = useState(false)
  const staff = own.value
  if (staff === null)
    return (
      <p class="loading" role="status">
        {t('正在载入…')}
      </p>
    )
  const put = (next: OwnStaff) => {
    own.value = next
    setAdding(false)
  }
  return (
    <>
      {staff.cycleDays !== null && (
        <p class="note">{t('每 {days} 天至少检测一次，到期前请安排采样', { days: staff.cycleDays })}</p>
      )}
      {staff.items.length === 0 && <p class="empty">{t('还没有登记从业人员')}</p>}
      <ul class="lines">
        {staff.items.map((member) => (
          <Line key={member.id} member={member} onDone={put} />
        ))}
      </ul>
      {adding ? (
        <AddForm onDone={put} onCancel={() => setAdding(false)} />
      ) : (
        <button type="button" class="text-button" onClick={() => setAdding(true)}>
          {t('添加从业人员')}
        </button>
      )}
    </>
  )
}

/** The store's own people: who is due, results, leave. */
export const staffSection: TaskSection = {
  key: 'staff',
  title: t('人员检测'),
  permission: 'staff.own',
  load,
  View: Staff,
}
