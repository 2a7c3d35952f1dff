import type { DrugClass } from '@vigil/contract'

export interface DrugNames {
  readonly generic: string
  readonly brand: string
  readonly form: string
  readonly strength: string
}

/** A drug of the catalogue as the counter needs it. */
export interface Drug extends DrugNames {
  readonly id: string
  readonly class: DrugClass
  readonly maker: string
  readonly approvalNo: string | null
  readonly ean13: string | null
  readonly tracePrefix: string | null
  readonly active: boolean
  /** 通用名 规格 剂型 (品牌). */
  readonly name: string
}

/**
 * How a drug is called on screens and slips: 通用名 规格 剂型 (品牌). The dosage form is left out when the generic name
 * ends in it already (布洛芬缓释胶囊 + 缓释胶囊剂).
 */
export function drugName(drug: DrugNames): string {
  const form = drug.form.replace(/剂$/, '')
  const parts = [drug.generic, drug.strength, form && drug.generic.endsWith(form) ? '' : drug.form]
  const name = parts.filter(Boolean).join(' ')
  return drug.brand ? `${name} (${drug.brand})` : name
}
