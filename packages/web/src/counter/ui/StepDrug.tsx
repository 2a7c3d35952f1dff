/** @jsxImportSource preact */
import type { DrugPackLine } from '@vigil/contract'
import { drugClassNames } from '@vigil/contract/terms'
import { useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'
import { type Draft, withDrug, withQuantity } from '../core/draft.ts'
import { drugsByCode, searchDrugs } from '../core/drug.ts'
import { fieldId, Problem } from './Field.tsx'
import { ScanSheet } from './ScanSheet.tsx'

type Edit = (change: (draft: Draft) => Draft) => void
/** The name of the order that forbids a drug; undefined when it may be sold. */
type Barred = (drug: { readonly id: string; readonly class: string }) => string | undefined
const className = (code: string): string => t((drugClassNames as Readonly<Record<string, string>>)[code] ?? '')

const Stopped = () => <span class="tag stopped">{t('停售')}</span>

function Quantity({ draft, edit, barred }: { draft: Draft; edit: Edit; barred: Barred }) {
  return (
    <ul class="cart">
      {draft.items.map(({ drugId, name, drugClass, quantity }) => (
        <li key={drugId}>
          <span class="cart-name">
            {name} <span class={`tag ${drugClass}`}>{className(drugClass)}</span>
            {barred({ id: drugId, class: drugClass }) && <Stopped />}
          </span>
          <span class="stepper">
            <button
              type="button"
              aria-label={quantity === 1 ? t('移除 {name}', { name }) : t('减少 {name}', { name })}
              onClick={() => edit((old) => withQuantity(old, drugId, quantity - 1))}
            >
              <Icon name={quantity === 1 ? 'close' : 'minus'} size={20} />
            </button>
            <output aria-label={t('{name} 数量', { name })}>{quantity}</output>
            <button
              type="button"
              aria-label={t('增加 {name}', { name })}
              disabled={quantity >= 99}
              onClick={() => edit((old) => withQuantity(old, drugId, quantity + 1))}
            >
              <Icon name="plus" size={20} />
            </button>
          </span>
        </li>
      ))}
    </ul>
  )
}

function DrugButton({
  drug,
  onPick,
  barred,
}: {
  drug: DrugPackLine
  onPick: (drug: DrugPackLine) => void
  barred: Barred
}) {
  return (
    <button type="button" class="drug" onClick={() => onPick(drug)}>
      <span class="drug-name">{drug.name}</span>
      {barred(drug) && <Stopped />}
      <span class={`tag ${drug.class}`}>{className(drug.class)}</span>
    </button>
  )
}

const never = () => undefined

/**
 * Drugs on the list, and the ways to add one: recent, initials, camera. Also used by a correction, which says what was sold
 * and so refuses nothing.
 * @param mayPick asked before a drug joins the list
 */
export function DrugPicker({
  draft,
  edit,
  barred = never,
  mayPick,
}: {
  draft: Draft
  edit: Edit
  barred?: Barred
  mayPick?: (drug: DrugPackLine) => boolean
}) {
  const [query, setQuery] = useState('')
  const [adding, setAdding] = useState(false)
  const [scanning, setScanning] = useState(false)
  const [choices, setChoices] = useState<readonly DrugPackLine[]>([])
  const pack = state.pack.value
  const open = draft.items.length === 0 || adding
  const recent = state.recent.value
    .map((id) => pack?.find((line) => line.id === id))
    .filter((line): line is DrugPackLine => line !== undefined)
    .slice(0, 4)
  const found =
    query.trim() === '' ? (choices.length > 0 ? choices : recent) : searchDrugs(pack ?? [], query, state.recent.value)
  const pick = (drug: DrugPackLine) => {
    if (mayPick && !mayPick(drug)) return
    edit((old) => withDrug(old, drug))
    setQuery('')
    setChoices([])
    setAdding(false)
  }
  const scanned = (raw: string): boolean => {
    const matches = drugsByCode(pack ?? [], raw)
    const [only] = matches
    if (!only) return false
    setScanning(false)
    if (matches.length === 1) pick(only)
    else setChoices(matches)
    return true
  }
  return (
    <div>
      {draft.items.length > 0 && <Quantity draft={draft} edit={edit} barred={barred} />}
      {!open && (
        <button type="button" class="add-line" onClick={() => setAdding(true)}>
          <Icon name="plus" size={20} /> {t('再加一种药')}
        </button>
      )}
      {open && (
        <>
          <div class="search">
            <label class="sr" for={fieldId('items')}>
              {t('查找药品：拼音首字母、名称或条码')}
            </label>
            <span class="search-icon">
              <Icon name="search" size={22} />
            </span>
            <input
              id={fieldId('items')}
              type="search"
              value={query}
              maxLength={60}
              placeholder={t('首字母，如 blf')}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              aria-describedby={`${fieldId('items')}-problem`}
              onInput={(event) => setQuery(event.currentTarget.value)}
              onKeyDown={(event) => {
                const [best] = found
                if (event.key === 'Enter' && !event.isComposing && query !== '' && best) pick(best)
              }}
            />
            <button type="button" class="scan" onClick={() => setScanning(true)}>
              <Icon name="scan" /> {t('扫码')}
            </button>
          </div>
          {query === '' && choices.length > 0 && <p class="label">{t('扫到多种规格，请选一种')}</p>}
          {query === '' && choices.length === 0 && recent.length > 0 && <p class="label">{t('最近售出')}</p>}
          <ul class="drugs" aria-label={t('药品')}>
            {found.map((drug) => (
              <li key={drug.id}>
                <DrugButton drug={drug} onPick={pick} barred={barred} />
              </li>
            ))}
          </ul>
          {query !== '' && found.length === 0 && pack && (
            <p class="empty">{t('没有找到“{query}”，请换一种写法或扫码', { query })}</p>
          )}
          {query === '' && recent.length === 0 && pack && choices.length === 0 && (
            <p class="empty">{t('输入首字母查找：blf 布洛芬，dyfy 对乙酰氨基酚')}</p>
          )}
          {!pack && (
            <p class="empty" role="status">
              {state.packProblem.value === ''
                ? t('正在载入药品目录…')
                : t('药品目录没有载入：{packProblem}', { packProblem: state.packProblem.value })}
            </p>
          )}
        </>
      )}
      <Problem field="items" />
      {scanning && <ScanSheet onClose={() => setScanning(false)} onCode={scanned} />}
    </div>
  )
}
