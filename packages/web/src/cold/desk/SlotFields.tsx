/** @jsxImportSource preact */
import { useCallback } from 'preact/hooks'
import { t } from '../../text.ts'
import { call } from '../server.ts'
import { Choose } from '../ui/Choose.tsx'
import { Line } from '../ui/Line.tsx'
import { dayFromNow, time } from '../words.ts'
import type { Draft, Problems } from './declaration.ts'
import { useCall } from './useCall.ts'

interface Given {
  readonly draft: Draft
  readonly problems: Problems
  readonly onChange: (values: Partial<Draft>) => void
}

/** Warehouse, day and hour of arrival; hours that are full or too near are not offered. */
export function SlotFields({ draft, problems, onChange }: Given) {
  const warehouses = useCall(useCallback(() => call('cold-desk.warehouses'), []))
  const all = warehouses.data?.items ?? []
  const chosen = all.find(({ id }) => id === draft.warehouseId)
  const notice = chosen?.noticeHours ?? 48
  return (
    <div class="fields">
      <Choose
        id="warehouseId"
        label={t('集中监管仓')}
        value={draft.warehouseId}
        options={all.map(({ id, name, areaName }) => ({ value: id, label: `${name}（${areaName}）` }))}
        problem={problems.warehouseId ?? warehouses.problem}
        empty={t('请选择')}
        onPick={(warehouseId) => onChange({ warehouseId, slotAt: '' })}
      />
      <Line
        id="slotDay"
        label={t('到仓日期')}
        hint={t('须提前 {notice} 小时', { notice })}
        type="date"
        value={draft.slotDay}
        min={dayFromNow(0)}
        max={dayFromNow(60)}
        onInput={(slotDay) => onChange({ slotDay, slotAt: '' })}
      />
      {draft.warehouseId !== '' && draft.slotDay !== '' ? (
        <Hours draft={draft} problems={problems} onChange={onChange} />
      ) : (
        problems.slotAt && (
          <p class="problem whole" role="alert">
            {problems.slotAt}
          </p>
        )
      )}
    </div>
  )
}

function Hours({ draft: { warehouseId, slotDay, slotAt }, problems, onChange }: Given) {
  const load = useCallback(
    () => call('cold-desk.slots', { params: { id: warehouseId }, query: { day: slotDay } }),
    [warehouseId, slotDay],
  )
  const slots = useCall(load)
  const free = (slots.data?.items ?? []).filter((slot) => slot.free > 0)
  const none = slots.data !== null && free.length === 0 ? t('这一天没有可约的时段，请换一天') : ''
  // What was picked stays to be seen while there is no network.
  const options = free.map((slot) => ({
    value: slot.at,
    label: t('{hour}（余 {free}）', { hour: time(slot.at).slice(11), free: slot.free }),
  }))
  const shown =
    slotAt !== '' && !free.some(({ at }) => at === slotAt)
      ? [{ value: slotAt, label: time(slotAt).slice(11) }, ...options]
      : options
  return (
    <Choose
      id="slotAt"
      label={t('到仓时段')}
      value={slotAt}
      options={shown}
      problem={problems.slotAt ?? (none || slots.problem)}
      empty={t('请选择')}
      onPick={(at) => onChange({ slotAt: at })}
    />
  )
}
