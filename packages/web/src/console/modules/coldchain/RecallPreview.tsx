import type { ColdRecallPreview } from '@vigil/contract'
import { t } from '../../../text.ts'
import { formatCount } from '../../kernel/format.ts'
import { Mark } from '../../ui/Mark.tsx'
import { RecallBar } from './RecallBar.tsx'
import { weight } from './words.ts'

const mostLots = 8

/** What a recall would affect: lots, holders and grams by fate, and what of the set it does not reach. */
export function RecallPreview({ preview }: { readonly preview: ColdRecallPreview }) {
  const { lots, made, holders, counting, total, byFate, unknown, elsewhere, problems } = preview
  const running = lots.filter((lot) => lot.running !== null)
  return (
    <section className="recall-preview" aria-label={t('影响范围')}>
      {lots.length === 0 ? (
        <p>{t('没有符合条件的批次。')}</p>
      ) : (
        <>
          <p>
            <strong>{t('{lots} 个批次，{mass}', { lots: formatCount(lots.length), mass: weight(total) })}</strong>
            {t('；由其分装、加工的 {made} 个批次；涉及 {holders} 家，其中 {counting} 家须清点。', {
              made: formatCount(made),
              holders: formatCount(holders),
              counting: formatCount(counting),
            })}
          </p>
          {total > 0 ? (
            <RecallBar byFate={byFate} total={total} />
          ) : (
            <p>{t('这些批次还没有入仓，没有可召回的食品。')}</p>
          )}
          <ul className="plain">
            {lots.slice(0, mostLots).map(({ id, goodsName, lotNo, supplierLot, holderName }) => (
              <li key={id}>
                {goodsName} {lotNo}{' '}
                <span className="muted">{[supplierLot, holderName].filter(Boolean).join(' · ')}</span>
              </li>
            ))}
            {lots.length > mostLots ? <li className="muted">{t('等共 {n} 个批次', { n: lots.length })}</li> : null}
          </ul>
        </>
      )}
      {unknown.length > 0 ? (
        <p>
          <Mark tone="bad">{t('查不到')}</Mark> {unknown.slice(0, 5).join('、')}
          {unknown.length > 5 ? t(' 等 {n} 个编码', { n: unknown.length }) : ''}
          {t('，请改正或删去后再启动')}
        </p>
      ) : null}
      {elsewhere > 0 ? (
        <p>
          <Mark tone="warn">{t('不在本辖区')}</Mark> {t('{n} 个批次须由其所在地或上级召回', { n: elsewhere })}
        </p>
      ) : null}
      {running.length > 0 ? (
        <p>
          <Mark tone="warn">{t('已在召回')}</Mark>{' '}
          {running.map(({ lotNo, running: number }) => `${lotNo}（${number}）`).join('、')}
        </p>
      ) : null}
      {problems > 0 ? <p className="muted">{t('记录矛盾 {n} 处，将列入核查', { n: problems })}</p> : null}
    </section>
  )
}
