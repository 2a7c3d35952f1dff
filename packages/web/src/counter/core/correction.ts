import { checkDocument, toHalfWidth } from '@vigil/codes'
import type { PurchaseItem } from '@vigil/contract'
import { t } from '../../text.ts'
import { checkHistory, checkPerson, checkProxy, personInput, proxyInput } from './check.ts'
import { type Draft, emptyDraft, withProxy } from './draft.ts'
import type { FieldProblem } from './field.ts'
import { formatTenths, parseTemperature } from './temperature.ts'

/** Parts of an entry that can be corrected on their own. */
export type CorrectionPart = 'document' | 'person' | 'items' | 'symptoms' | 'proxy' | 'history'

export const correctionPartNames: Readonly<Record<CorrectionPart, string>> = {
  document: t('证件'),
  person: t('购药人'),
  items: t('药品'),
  symptoms: t('症状体温'),
  proxy: t('代购'),
  history: t('旅居接触史'),
}

export interface Correction {
  readonly id: string
  readonly revision: number
  readonly parts: readonly CorrectionPart[]
  readonly reason: string
  /** Only the chosen parts are read; masked parts begin empty because the clear text never came to the phone. */
  readonly draft: Draft
}

/** A correction that begins with what the list shows; who is added as bought for is the usual change of that part. */
export function beginCorrection(item: PurchaseItem, areaCode: string): Correction {
  const draft: Draft = {
    ...withProxy(emptyDraft(areaCode), true),
    buyer: 'new',
    documentType: item.documentType,
    items: item.items.map((one) => ({
      drugId: one.drugId,
      name: one.name,
      drugClass: one.class,
      quantity: one.quantity,
    })),
    symptoms: item.symptoms,
    noSymptoms: item.symptoms.length === 0,
    temperature: item.temperatureTenths === null ? '' : formatTenths(item.temperatureTenths),
  }
  return { id: item.id, revision: item.revision, parts: [], reason: '', draft }
}

/** Adds or removes a part. */
export function togglePart(correction: Correction, part: CorrectionPart): Correction {
  const parts = correction.parts.includes(part)
    ? correction.parts.filter((one) => one !== part)
    : [...correction.parts, part]
  return { ...correction, parts }
}

/** What keeps a correction from being sent, in the order of the form. */
export function checkCorrection({ parts, reason, draft }: Correction): readonly FieldProblem[] {
  const found: FieldProblem[] = []
  if (parts.length === 0) found.push({ field: 'form', code: 'empty', message: t('请选择要更正的内容') })
  if (parts.includes('document')) {
    const document = checkDocument(draft.documentType, draft.documentNumber)
    if (!document.ok) found.push({ field: 'documentNumber', code: document.code, message: document.message })
  }
  if (parts.includes('person')) found.push(...checkPerson(draft.person, draft.documentType))
  if (parts.includes('items') && draft.items.length === 0)
    found.push({ field: 'items', code: 'empty', message: t('请选择药品') })
  if (parts.includes('symptoms')) {
    if (draft.symptoms.length === 0 && !draft.noSymptoms)
      found.push({ field: 'symptoms', code: 'empty', message: t('请选择症状，没有症状请点“无不适”') })
    const temperature = parseTemperature(draft.temperature)
    if (!temperature.ok) found.push({ field: 'temperature', code: temperature.code, message: temperature.message })
  }
  if (parts.includes('proxy')) found.push(...checkProxy(draft))
  if (parts.includes('history')) found.push(...checkHistory(draft))
  if (toHalfWidth(reason) === '') found.push({ field: 'reason', code: 'empty', message: t('请填写更正原因') })
  return found
}

/** The changes as the contract has them; `checkCorrection` must have found nothing. */
export function correctionBody({ revision, parts, reason, draft }: Correction) {
  const document = checkDocument(draft.documentType, draft.documentNumber)
  const temperature = parseTemperature(draft.temperature)
  return {
    revision,
    reason: reason.trim(),
    changes: {
      ...(parts.includes('document') && document.ok
        ? { documentType: draft.documentType, documentNumber: document.value.number }
        : {}),
      ...(parts.includes('person') ? { person: personInput(draft.person) } : {}),
      ...(parts.includes('items') ? { items: draft.items.map(({ drugId, quantity }) => ({ drugId, quantity })) } : {}),
      ...(parts.includes('symptoms')
        ? { symptoms: [...draft.symptoms], temperatureTenths: temperature.ok ? temperature.value : null }
        : {}),
      ...(parts.includes('proxy') ? { boughtFor: draft.proxy ? proxyInput(draft.proxy) : null } : {}),
      // Sent when empty too: that takes a wrong history back.
      ...(parts.includes('history') ? { history: draft.history.trim() } : {}),
    },
  }
}
