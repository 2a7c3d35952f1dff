/** @jsxImportSource preact */
import type { ColdDeclarationDetail } from '@vigil/contract'
import { useCallback, useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { call } from '../server.ts'
import { messageOf, refreshDesk, say } from '../session.ts'
import { Facts } from '../ui/Facts.tsx'
import { Fetching } from '../ui/Fetching.tsx'
import { Go } from '../ui/Go.tsx'
import { declarationStateName, kilograms, shortTime, time } from '../words.ts'
import { FigureForm } from './FigureForm.tsx'
import { Papers } from './Papers.tsx'
import { useCall } from './useCall.ts'

const tones = { declared: 'wait', disputed: 'bad', entered: 'good', cancelled: '' } as const
const amount = (boxes: number, grams: number) => `${t('{boxes} 箱', { boxes })}，${kilograms(grams)}`

/** A declaration: its facts, the four documents, what both sides counted. */
export default function DeclarationPage({ params, holder }: PageProps) {
  const id = params.id!
  const fetched = useCall(useCallback(() => call('cold-declaration.read', { params: { id } }), [id]))
  const again = () => {
    fetched.again()
    void refreshDesk()
  }
  return (
    <Fetching of={fetched}>
      {(item) => (
        <>
          <section class="card">
            <div class="row-head">
              <h2>{item.goodsName}</h2>
              <span class={`tag ${tones[item.state]}`}>{declarationStateName(item.state)}</span>
            </div>
            <Facts
              rows={[
                [t('申报单号'), item.number],
                [t('批次号'), item.lotNo],
                [t('申报数量'), amount(item.boxes, item.grams)],
                [t('货主'), item.ownerName],
                [t('监管仓'), item.warehouseName],
                [t('到仓时段'), time(item.slotAt)],
                [t('车辆'), item.vehicle],
                [t('司机'), [item.driverName, item.driverMobile].filter(Boolean).join(' ')],
                [t('申报时间'), time(item.declaredAt)],
              ]}
            />
            {item.state === 'entered' && (
              <Go to={`/lots/${item.lotId}`} class="secondary wide">
                {t('查看批次与出仓证明')}
              </Go>
            )}
          </section>
          <Papers item={item} onDone={again} />
          <Figures item={item} holderId={holder.id} isWarehouse={holder.id === item.warehouseId} onDone={again} />
          {holder.id !== item.warehouseId && (item.state === 'declared' || item.state === 'disputed') && (
            <Cancel id={item.id} onDone={again} />
          )}
        </>
      )}
    </Fetching>
  )
}

interface FiguresProps {
  readonly item: ColdDeclarationDetail
  readonly holderId: string
  readonly isWarehouse: boolean
  readonly onDone: () => void
}

function Figures({ item, isWarehouse, onDone }: FiguresProps) {
  const side = isWarehouse ? 'warehouse' : 'consignor'
  const open = item.state === 'declared' || item.state === 'disputed'
  const gap = item.discrepancy
  return (
    <section class="card">
      <h2>{t('到仓数量')}</h2>
      {gap && gap.settledAt === null && (
        <p class="note warn">
          {t('两方数量不符：货主 {mine}；监管仓 {theirs}。核对后由报错的一方更正。', {
            mine: amount(gap.consignorBoxes, gap.consignorGrams),
            theirs: amount(gap.warehouseBoxes, gap.warehouseGrams),
          })}
        </p>
      )}
      {item.figures.length === 0 ? (
        <p class="muted">{t('两方到仓后各报一次数量，一致才算入仓。')}</p>
      ) : (
        <ul class="log">
          {item.figures.map((figure) => (
            <li key={`${figure.side}${figure.at}`}>
              <strong>{figure.side === 'warehouse' ? t('监管仓') : t('货主')}</strong>{' '}
              {amount(figure.boxes, figure.grams)}
              <span class="muted">
                {' '}
                {shortTime(figure.at)} {figure.reason}
              </span>
            </li>
          ))}
        </ul>
      )}
      {open && (
        <FigureForm
          id={item.id}
          side={side}
          boxes={item.boxes}
          grams={item.grams}
          changed={item.figures.some((figure) => figure.side === side)}
          onDone={onDone}
        />
      )}
    </section>
  )
}

function Cancel({ id, onDone }: { id: string; onDone: () => void }) {
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState('')
  const cancel = async () => {
    if (reason.trim() === '') return setProblem(t('请写明取消的原因'))
    try {
      await call('cold-declaration.cancel', { params: { id }, body: { reason: reason.trim() } })
      say(t('申报已取消，时段已释放'))
      onDone()
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  if (!open)
    return (
      <button type="button" class="text-button" onClick={() => setOpen(true)}>
        {t('取消这次申报')}
      </button>
    )
  return (
    <section class="card">
      <div class={problem === '' ? 'field' : 'field wrong'}>
        <label for="reason">{t('取消原因')}</label>
        <textarea
          id="reason"
          maxLength={300}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <p class="problem" role="alert">
          {problem}
        </p>
      </div>
      <button type="button" class="secondary wide" onClick={() => void cancel()}>
        {t('确认取消')}
      </button>
    </section>
  )
}
