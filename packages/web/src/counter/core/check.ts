import { checkDocument, checkMobile, checkPhone, type Day, dayOf, toHalfWidth } from '@vigil/codes'
import type { PurchaseInput } from '@vigil/contract'
import { t } from '../../text.ts'
import type { DocumentType, Draft, PersonDraft } from './draft.ts'
import type { Field, FieldProblem } from './field.ts'
import { parseTemperature } from './temperature.ts'

const namePattern = /^[\p{L}\p{M}·•.'’\-\s]{1,60}$/u

const problem = (field: Field, code: string, message: string): FieldProblem => ({ field, code, message })

/** Problems of the person fields: name, mobile, residence, and the emergency contact, which may be left out. */
export function checkPerson(person: PersonDraft, type: DocumentType): readonly FieldProblem[] {
  const found: FieldProblem[] = []
  const name = toHalfWidth(person.name)
  if (name === '') found.push(problem('person.name', 'empty', t('请输入姓名')))
  else if (!namePattern.test(name)) found.push(problem('person.name', 'name', t('姓名只能包含文字和间隔号，请核对')))
  const mobile = checkMobile(person.mobile)
  const isReached = mobile.ok || (type !== 'citizen-id' && checkPhone(person.mobile).ok)
  if (!isReached && !mobile.ok) found.push(problem('person.mobile', mobile.code, mobile.message))
  if (person.areaCode === '') found.push(problem('person.area', 'empty', t('请选择现住地区')))
  if (toHalfWidth(person.address).length < 2) found.push(problem('person.address', 'empty', t('请输入详细住址')))
  const emergency = toHalfWidth(person.emergencyMobile)
  if (emergency !== '') {
    const contact = checkPhone(emergency)
    if (!contact.ok) found.push(problem('person.emergencyMobile', contact.code, contact.message))
    if (toHalfWidth(person.emergencyName) === '')
      found.push(problem('person.emergencyName', 'empty', t('请输入紧急联系人姓名')))
  } else if (toHalfWidth(person.emergencyName) !== '')
    found.push(problem('person.emergencyMobile', 'empty', t('请输入紧急联系人电话')))
  return found
}

/** Problems of the person bought for; none when nobody is. */
export function checkProxy({ proxy }: Draft, today: Day = dayOf(new Date())): readonly FieldProblem[] {
  if (!proxy) return []
  const found: FieldProblem[] = []
  if (!namePattern.test(toHalfWidth(proxy.name))) found.push(problem('proxy.name', 'empty', t('请输入用药人姓名')))
  if (proxy.relation === '') found.push(problem('proxy.relation', 'empty', t('请选择用药人与购药人的关系')))
  if (toHalfWidth(proxy.documentNumber) !== '') {
    const checked = checkDocument(proxy.documentType, proxy.documentNumber, today)
    if (!checked.ok) found.push(problem('proxy.documentNumber', checked.code, checked.message))
  }
  return found
}

/** Problems of the travel or contact history, which may be empty. */
export const checkHistory = ({ history }: Draft): readonly FieldProblem[] =>
  history.length > 300 ? [problem('history', 'length', t('旅居史或接触史请控制在300字以内'))] : []

/** Everything that keeps a draft from being registered, in the order of the form; empty when it is complete. */
export function checkDraft(draft: Draft, today: Day = dayOf(new Date())): readonly FieldProblem[] {
  const found: FieldProblem[] = []
  const document = checkDocument(draft.documentType, draft.documentNumber, today)
  if (!document.ok) found.push(problem('documentNumber', document.code, document.message))
  if (draft.buyer !== 'confirmed') {
    if (draft.buyer === 'known') found.push(problem('person.name', 'confirm', t('请确认购药人信息是否有变')))
    else found.push(...checkPerson(draft.person, draft.documentType))
  }
  if (draft.items.length === 0) found.push(problem('items', 'empty', t('请选择药品')))
  if (draft.symptoms.length === 0 && !draft.noSymptoms)
    found.push(problem('symptoms', 'empty', t('请选择症状，没有症状请点“无不适”')))
  const temperature = parseTemperature(draft.temperature)
  if (!temperature.ok) found.push(problem('temperature', temperature.code, temperature.message))
  found.push(...checkProxy(draft, today), ...checkHistory(draft))
  return found
}

/** The person as the contract has it; `checkPerson` must have found nothing. */
export function personInput(person: PersonDraft): NonNullable<PurchaseInput['person']> {
  const mobile = checkMobile(person.mobile)
  const input: NonNullable<PurchaseInput['person']> = {
    name: toHalfWidth(person.name),
    mobile: mobile.ok ? mobile.value : phoneOf(person.mobile),
    residenceAreaCode: person.areaCode,
    residenceAddress: toHalfWidth(person.address),
  }
  if (toHalfWidth(person.emergencyName) === '') return input
  return {
    ...input,
    emergencyName: toHalfWidth(person.emergencyName),
    emergencyMobile: phoneOf(person.emergencyMobile),
  }
}

function phoneOf(text: string): string {
  const phone = checkPhone(text)
  return phone.ok ? phone.value.number : toHalfWidth(text)
}

/**
 * The sale as the server takes it. `checkDraft` must have found nothing.
 * @param id UUIDv7 made at the moment of sale, kept when the entry is sent again
 * @param soldAt instant of the sale by the server's clock, RFC 3339
 * @param rulesAt when the device last fetched the stop-sale orders, by the server's clock
 */
export function toPurchase(
  draft: Draft,
  sale: { id: string; soldAt: string; storeCode: string; offline: boolean; rulesAt?: string },
): PurchaseInput {
  const document = checkDocument(draft.documentType, draft.documentNumber)
  const temperature = parseTemperature(draft.temperature)
  const { proxy } = draft
  return {
    ...sale,
    documentType: draft.documentType,
    documentNumber: document.ok ? document.value.number : draft.documentNumber,
    ...(draft.buyer === 'confirmed' ? { useKnownProfile: true } : { person: personInput(draft.person) }),
    items: draft.items.map(({ drugId, quantity }) => ({ drugId, quantity })),
    symptoms: [...draft.symptoms],
    temperatureTenths: temperature.ok ? temperature.value : null,
    boughtFor: proxy ? proxyInput(proxy) : null,
    ...(toHalfWidth(draft.history) === '' ? {} : { history: draft.history.trim() }),
  }
}

/** The person bought for as the contract has it. */
export function proxyInput(proxy: NonNullable<Draft['proxy']>): NonNullable<PurchaseInput['boughtFor']> {
  const input = { name: toHalfWidth(proxy.name), relation: proxy.relation === '' ? ('other' as const) : proxy.relation }
  if (toHalfWidth(proxy.documentNumber) === '') return input
  const checked = checkDocument(proxy.documentType, proxy.documentNumber)
  const documentNumber = checked.ok ? checked.value.number : proxy.documentNumber
  return { ...input, documentType: proxy.documentType, documentNumber }
}
