import type { documentTypes, relations, symptoms } from '@vigil/contract/terms'

export type DocumentType = (typeof documentTypes)[number]
export type Symptom = (typeof symptoms)[number]
export type Relation = (typeof relations)[number]

/** One drug that the clerk put on the list. */
export interface DraftItem {
  readonly drugId: string
  readonly name: string
  readonly drugClass: string
  readonly quantity: number
}

export interface PersonDraft {
  readonly name: string
  readonly mobile: string
  readonly areaCode: string
  readonly address: string
  readonly emergencyName: string
  readonly emergencyMobile: string
}

export interface ProxyDraft {
  readonly name: string
  readonly relation: Relation | ''
  readonly documentType: DocumentType
  readonly documentNumber: string
}

/** What the server remembers of a buyer, masked. */
export interface KnownBuyer {
  readonly name: string | null
  readonly mobile: string | null
  readonly residence: string | null
  readonly hasEmergencyContact: boolean
}

/** How far the question "has this person been here before?" is answered. */
export type BuyerState = 'unknown' | 'searching' | 'known' | 'confirmed' | 'new'

/** A registration while the clerk types it. A plain value: every change makes a new one. */
export interface Draft {
  /** UUIDv7 of an entry that is being mended; null for a new sale, whose id is made at the moment of sale. */
  readonly id: string | null
  /** Set together with `id`: a mended entry keeps the time of its sale. */
  readonly soldAt: string | null
  /** Milliseconds by which the device's clock was corrected when `soldAt` was stamped. */
  readonly stampedSkew: number
  readonly documentType: DocumentType
  readonly documentNumber: string
  readonly buyer: BuyerState
  readonly known: KnownBuyer | null
  readonly person: PersonDraft
  readonly items: readonly DraftItem[]
  readonly symptoms: readonly Symptom[]
  /** The clerk asked and the buyer has none; an answer, not an omission. */
  readonly noSymptoms: boolean
  /** As typed, in °C, such as "37.3" or "373"; empty when not measured. */
  readonly temperature: string
  readonly proxy: ProxyDraft | null
  readonly history: string
}

const emptyPerson = (areaCode: string): PersonDraft => ({
  name: '',
  mobile: '',
  areaCode,
  address: '',
  emergencyName: '',
  emergencyMobile: '',
})

/** A fresh registration; `areaCode` is the residence that most buyers of this store have (its county). */
export function emptyDraft(areaCode = ''): Draft {
  return {
    id: null,
    soldAt: null,
    stampedSkew: 0,
    documentType: 'citizen-id',
    documentNumber: '',
    buyer: 'unknown',
    known: null,
    person: emptyPerson(areaCode),
    items: [],
    symptoms: [],
    noSymptoms: false,
    temperature: '',
    proxy: null,
    history: '',
  }
}

/** True when nothing was entered yet, so that the form may be replaced without asking. */
export function isUntouched(draft: Draft): boolean {
  return (
    draft.id === null &&
    draft.documentNumber === '' &&
    draft.items.length === 0 &&
    draft.symptoms.length === 0 &&
    !draft.noSymptoms &&
    draft.temperature === '' &&
    draft.proxy === null &&
    draft.history === '' &&
    draft.person.name === '' &&
    draft.person.mobile === ''
  )
}

/** Another number means another person: what was known or typed of the old one is dropped. */
export function withDocument(draft: Draft, documentType: DocumentType, documentNumber: string): Draft {
  if (draft.documentType === documentType && draft.documentNumber === documentNumber) return draft
  const keepsPerson = draft.buyer === 'new' || draft.buyer === 'unknown'
  return {
    ...draft,
    documentType,
    documentNumber,
    buyer: 'unknown',
    known: null,
    person: keepsPerson ? draft.person : emptyPerson(draft.person.areaCode),
  }
}

/** Adds one pack of a drug, or one more of it when it is on the list already (99 at most, 20 drugs at most). */
export function withDrug(draft: Draft, drug: { id: string; name: string; class: string }): Draft {
  const found = draft.items.find((item) => item.drugId === drug.id)
  if (found) return withQuantity(draft, drug.id, found.quantity + 1)
  if (draft.items.length >= 20) return draft
  const item: DraftItem = { drugId: drug.id, name: drug.name, drugClass: drug.class, quantity: 1 }
  return { ...draft, items: [...draft.items, item] }
}

/** Sets the quantity of a drug; 0 takes it off the list. */
export function withQuantity(draft: Draft, drugId: string, quantity: number): Draft {
  const bounded = Math.max(0, Math.min(99, Math.round(quantity)))
  const items = draft.items
    .map((item) => (item.drugId === drugId ? { ...item, quantity: bounded } : item))
    .filter((item) => item.quantity > 0)
  return { ...draft, items }
}

/** Ticks or unticks a symptom; a symptom and "none" exclude each other. */
export function withSymptom(draft: Draft, symptom: Symptom | 'none'): Draft {
  if (symptom === 'none') return { ...draft, noSymptoms: !draft.noSymptoms, symptoms: [] }
  const on = draft.symptoms.includes(symptom)
  const symptoms = on ? draft.symptoms.filter((one) => one !== symptom) : [...draft.symptoms, symptom]
  return { ...draft, symptoms, noSymptoms: false }
}

/** Switches 代购 on or off. */
export function withProxy(draft: Draft, on: boolean): Draft {
  if (!on) return { ...draft, proxy: null }
  return { ...draft, proxy: draft.proxy ?? { name: '', relation: '', documentType: 'citizen-id', documentNumber: '' } }
}
