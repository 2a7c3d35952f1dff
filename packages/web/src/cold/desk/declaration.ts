import type { BodyOf } from '@vigil/contract'
import { t } from '../../text.ts'
import type { ColdContract } from '../routes.ts'
import { gramsOf } from '../words.ts'

type Body = BodyOf<ColdContract['cold-declaration.create']>

/** What is typed of a declaration, as it is typed. */
export interface Draft {
  readonly goodsId: string
  readonly goodsName: string
  readonly origin: string
  readonly plantNo: string
  readonly supplierLot: string
  readonly lotNo: string
  readonly containerNo: string
  readonly producedOn: string
  readonly expiresOn: string
  readonly boxes: string
  readonly kilograms: string
  readonly warehouseId: string
  readonly slotDay: string
  readonly slotAt: string
  readonly vehicle: string
  readonly driverName: string
  readonly driverMobile: string
}
export type Field = keyof Draft
export type Problems = { readonly [F in Field]?: string }

export const emptyDraft: Draft = {
  ...{ goodsId: '', goodsName: '', origin: '', plantNo: '', supplierLot: '', lotNo: '', containerNo: '' },
  ...{ producedOn: '', expiresOn: '', boxes: '', kilograms: '', warehouseId: '', slotDay: '', slotAt: '' },
  ...{ vehicle: '', driverName: '', driverMobile: '' },
}

const letters = '0123456789A?BCDEFGHIJK?LMNOPQRSTU?VWXYZ'

/** Whether eleven signs of the form of a container number (ISO 6346) bear its check digit; other numbers pass. */
export function isContainerNo(text: string): boolean {
  if (!/^[A-Z]{4}\d{7}$/.test(text)) return true
  const sum = [...text.slice(0, 10)].reduce((total, sign, at) => total + letters.indexOf(sign) * 2 ** at, 0)
  return (sum % 11) % 10 === Number(text[10])
}

/** Plate of a lorry or trailer as it is kept: without dots and spaces, in capitals. */
export const plateOf = (typed: string): string => typed.replace(/[\s·•.-]/g, '').toUpperCase()

const isPlate = (plate: string) => /^[\u4e00-\u9fa5][A-Z][A-Z0-9]{4,5}[A-Z0-9挂学警港澳]$/.test(plate)
const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))

/**
 * What is wrong with a declaration, by field, in words for who typed it; empty when it may be sent.
 * @param today YYYY-MM-DD in China
 */
export function problemsOf(draft: Draft, today: string): Problems {
  const found: Partial<Record<Field, string>> = {}
  const must = (field: Field, message: string) => {
    if (draft[field].trim() === '') found[field] = message
  }
  must('goodsId', t('请选择商品'))
  must('origin', t('请填写原产国（地区）'))
  must('plantNo', t('请填写境外生产企业注册编号'))
  must('supplierLot', t('请填写供应商批号'))
  if (!/^[0-9A-Za-z./-]*$/.test(draft.lotNo.trim())) found.lotNo = t('批次号只能用字母、数字和 . / -')
  if (!isContainerNo(draft.containerNo.trim().toUpperCase())) found.containerNo = t('集装箱号的校验位不对，请核对')
  if (!isDay(draft.producedOn)) found.producedOn = t('请选择生产日期')
  else if (draft.producedOn > today) found.producedOn = t('生产日期不能晚于今天')
  if (!isDay(draft.expiresOn)) found.expiresOn = t('请选择保质期至')
  else if (draft.expiresOn <= draft.producedOn) found.expiresOn = t('保质期应晚于生产日期')
  else if (draft.slotDay !== '' && draft.expiresOn <= draft.slotDay) found.expiresOn = t('到仓时已超过保质期')
  const boxes = /^\d{1,6}$/.test(draft.boxes.trim()) ? Number(draft.boxes) : 0
  if (boxes < 1 || boxes > 100_000) found.boxes = t('请填写箱数，1 至 100,000')
  const grams = gramsOf(draft.kilograms)
  if (grams === null || grams < 1) found.kilograms = t('请填写净重千克数，最多 3 位小数')
  must('warehouseId', t('请选择集中监管仓'))
  if (draft.slotAt === '') found.slotAt = t('请选择到仓时段')
  if (!isPlate(plateOf(draft.vehicle))) found.vehicle = t('车牌号不正确，例如 闽C12345')
  must('driverName', t('请填写司机姓名'))
  if (!/^1\d{10}$/.test(draft.driverMobile.trim())) found.driverMobile = t('司机手机号应为 11 位')
  return found
}

/** Fields in the order in which they stand on the page. */
export const fieldOrder = Object.keys(emptyDraft) as readonly Field[]

/** The body of the request. The draft must have no problems. @param lotNo number to use where none was typed */
export function bodyOf(draft: Draft, ownerId: string, lotNo: string): Body {
  return {
    ...{ ownerId, goodsId: draft.goodsId, origin: draft.origin.trim(), plantNo: draft.plantNo.trim() },
    ...{ supplierLot: draft.supplierLot.trim(), lotNo: draft.lotNo.trim() || lotNo },
    ...{ containerNo: draft.containerNo.trim().toUpperCase(), producedOn: draft.producedOn },
    ...{ expiresOn: draft.expiresOn, boxes: Number(draft.boxes), grams: gramsOf(draft.kilograms)! },
    ...{ warehouseId: draft.warehouseId, slotAt: draft.slotAt, vehicle: plateOf(draft.vehicle) },
    ...{ driverName: draft.driverName.trim(), driverMobile: draft.driverMobile.trim() },
  }
}

const pointers: Readonly<Record<string, Field>> = {
  grams: 'kilograms',
  ownerId: 'goodsId',
}

/** Messages of a refusal at the fields that they name; `codes` of a conflict name one, too. */
export function problemsOfRefusal(
  errors: readonly { pointer: string; detail: string }[] | undefined,
  code: string,
  message: string,
): Problems {
  const found: Partial<Record<Field, string>> = {}
  for (const { pointer, detail } of errors ?? []) {
    const name = pointer.replace(/^\/(body\/)?/, '').split('/')[0]!
    const field = pointers[name] ?? (fieldOrder.includes(name as Field) ? (name as Field) : undefined)
    if (field) found[field] = detail
  }
  if (code === 'full') found.slotAt = message
  if (code === 'taken') found.lotNo = message
  return found
}
