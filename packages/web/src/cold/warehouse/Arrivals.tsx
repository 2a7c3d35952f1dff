/** @jsxImportSource preact */
import type { ColdDeclaration } from '@vigil/contract'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../text.ts'
import { recall, remember } from '../kept.ts'
import type { PageProps } from '../page.ts'
import { call } from '../server.ts'
import { messageOf } from '../session.ts'
import { Go } from '../ui/Go.tsx'
import { declarationStateName, kilograms, time } from '../words.ts'
import { openWork } from './work.ts'

const dayIn = (instant: string) => time(instant).slice(0, 10)

async function load(holderId: string): Promise<readonly ColdDeclaration[]> {
  const [declared, disputed] = await Promise.all(
    (['declared', 'disputed'] as const).map((state) =>
      call('cold-declaration.list', { query: { state, warehouse: holderId, limit: 200 } }),
    ),
  )
  const all = [...(disputed?.items ?? []), ...(declared?.items ?? [])]
  await remember(`arrivals ${holderId}`, all)
  return all
}

function Arrival({ one }: { one: ColdDeclaration }) {
  return (
    <li>
      <Go to={`/arrivals/${one.id}`} class="card go-card">
        <div class="row-head">
          <strong>{one.vehicle}</strong>
          <span class="number">{time(one.slotAt).slice(11)}</span>
        </div>
        <p>
          {one.goodsName} {t('{boxes} 箱', { boxes: one.boxes })} {kilograms(one.grams)}
        </p>
        <p class="muted">
          {one.state === 'disputed' && <span class="tag bad">{declarationStateName(one.state)}</span>}
          {one.ownerName} · {one.number}
        </p>
      </Go>
    </li>
  )
}

function Group({ title, list }: { title: string; list: readonly ColdDeclaration[] }) {
  if (list.length === 0) return null
  return (
    <section>
      <h2 class="group-head">
        {title} <span class="muted">{list.length}</span>
      </h2>
      <ul class="rows">
        {list.map((one) => (
          <Arrival key={one.id} one={one} />
        ))}
      </ul>
    </section>
  )
}

/** Vehicles that are expected, by hour; differences that are to be settled first. */
export default function Arrivals({ holder }: PageProps) {
  const [list, setList] = useState<readonly ColdDeclaration[] | null>(null)
  const [problem, setProblem] = useState('')
  useEffect(() => {
    openWork()
    let gone = false
    const begin = async () => {
      const kept = await recall<ColdDeclaration[]>(`arrivals ${holder.id}`)
      if (!gone && kept) setList(kept)
      const fresh = await load(holder.id)
      if (!gone) setList(fresh)
    }
    begin().catch((error) => gone || setProblem(messageOf(error)))
    return () => {
      gone = true
    }
  }, [holder.id])
  const today = dayIn(new Date().toISOString())
  const inOrder = [...(list ?? [])].sort((a, b) => (a.slotAt < b.slotAt ? -1 : 1))
  const open = inOrder.filter(({ state }) => state === 'declared')
  return (
    <div class="work">
      {problem !== '' && <p class="note warn">{problem}</p>}
      {list === null && problem === '' && <p class="loading">{t('正在读取…')}</p>}
      {list?.length === 0 && <p class="empty">{t('没有待入仓的车辆。')}</p>}
      <Group title={t('数量不符，待处理')} list={inOrder.filter(({ state }) => state === 'disputed')} />
      <Group title={t('已过预约时间')} list={open.filter(({ slotAt }) => dayIn(slotAt) < today)} />
      <Group title={t('今天到货')} list={open.filter(({ slotAt }) => dayIn(slotAt) === today)} />
      {[...new Set(open.map(({ slotAt }) => dayIn(slotAt)).filter((day) => day > today))].map((day) => (
        <Group key={day} title={day} list={open.filter(({ slotAt }) => dayIn(slotAt) === day)} />
      ))}
    </div>
  )
}
