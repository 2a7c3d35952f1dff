export { type Checked, CodesError, invalid, valid } from './checked.ts'
export { type CitizenId, checkCitizenId, citizenIdCheckDigit, type Sex } from './citizen-id.ts'
export { type CreditCode, checkCreditCode, creditCodeCheckDigit, organizationCodeCheckDigit } from './credit-code.ts'
export { addDays, ageOn, type Day, dayOf, daysBetween, isDay, startOfDay, weekday } from './day.ts'
export { checkDocument, type DocumentNumber, type DocumentType, documentTypes, isDocumentType } from './document.ts'
export {
  type ApprovalNumber,
  checkApprovalNumber,
  checkEan13,
  checkTraceCode,
  ean13CheckDigit,
  type TraceCode,
} from './drug.ts'
export { maskAddress, maskDocument, maskMobile, maskName } from './mask.ts'
export { checkMobile, checkPhone, type Phone, type PhoneKind } from './phone.ts'
export { toHalfWidth } from './text.ts'
export { isUuidv7, uuidv7, uuidv7Floor, uuidv7Time } from './uuid.ts'
