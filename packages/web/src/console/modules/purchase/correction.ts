import type { PurchaseItem } from '@vigil/contract'
import { t } from '../../../text.ts'
import type { Input } from '../../kernel/api.ts'

type Changes = Input<'purchase.correct'>['body']['changes']

/** Parts of an entry that can be corrected on their own; only the ticked ones are sent. */
export const parts = [
  { value: 'document', label: t('证件') },
  { value: 'person', label: t('个人信息') },
  { value: 'items', label: t('药品') },
  { value: 'health', label: t('症状与体温') },
  { value: 'proxy', label: t('代购') },
  { value: 'history', label: t('旅居与接触史') },
] as const
export type Part = (typeof parts)[number]['value']

export interface CorrectionValues {
  parts: Part[]
  reason: string
  documentType?: Changes['documentType']
  documentNumber?: string
  person?: NonNullable<Changes['person']>
  items?: { drugId: string; quantity: number }[]
  symptoms?: Changes['symptoms']
  temperature?: number | null
  /** Whether it was bought for another person. */
  proxy?: boolean
  boughtFor?: NonNullable<Changes['boughtFor']>
  history?: string
}

/** Without the optional fields left empty: the server checks what is sent. */
function filled<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, own]) => own !== undefined && own !== null && own !== ''),
  ) as T
}

/** The person bought for; a document type says nothing without its number. */
function patientOf(boughtFor: NonNullable<Changes['boughtFor']>): Changes['boughtFor'] {
  const { documentType, documentNumber, ...named } = boughtFor
  const number = documentNumber?.trim()
  return { ...named, ...(documentType && number ? { documentType, documentNumber: number } : {}) }
}

/** What the ticked parts of the form change, in the units of the contract (0.1 °C). */
export function changesOf(values: CorrectionValues): Changes {
  const has = (part: Part) => values.parts.includes(part)
  return {
    ...(has('document') && values.documentType && values.documentNumber
      ? { documentType: values.documentType, documentNumber: values.documentNumber.trim() }
      : {}),
    ...(has('person') && values.person ? { person: filled({ ...values.person }) } : {}),
    ...(has('items') && values.items ? { items: values.items } : {}),
    ...(has('health')
      ? {
          symptoms: values.symptoms ?? [],
          temperatureTenths: typeof values.temperature === 'number' ? Math.round(values.temperature * 10) : null,
        }
      : {}),
    ...(has('proxy') ? { boughtFor: values.proxy && values.boughtFor ? patientOf(values.boughtFor) : null } : {}),
    ...(has('history') ? { history: values.history?.trim() ?? '' } : {}),
  }
}

/** What the form begins with: what is not personal stands there already. */
export function startOf(item: PurchaseItem): Partial<CorrectionValues> {
  return {
    parts: [],
    documentType: item.documentType,
    items: item.items.map(({ drugId, quantity }) => ({ drugId, quantity })),
    symptoms: item.symptoms,
    proxy: true,
    temperature: item.temperatureTenths === null ? null : item.temperatureTenths / 10,
  }
}
