/** Names of the places of the form at which a message can stand. */
export const fields = [
  'documentType',
  'documentNumber',
  'person.name',
  'person.mobile',
  'person.area',
  'person.address',
  'person.emergencyName',
  'person.emergencyMobile',
  'items',
  'symptoms',
  'temperature',
  'proxy.name',
  'proxy.relation',
  'proxy.documentNumber',
  'history',
  'reason',
  'soldAt',
  'form',
] as const
export type Field = (typeof fields)[number]

export interface FieldProblem {
  readonly field: Field
  readonly message: string
  readonly code: string
}

const names: Readonly<Record<string, Field>> = {
  documentType: 'documentType',
  documentNumber: 'documentNumber',
  useKnownProfile: 'person.name',
  person: 'person.name',
  'person/name': 'person.name',
  'person/mobile': 'person.mobile',
  'person/residenceAreaCode': 'person.area',
  'person/residenceAddress': 'person.address',
  'person/emergencyName': 'person.emergencyName',
  'person/emergencyMobile': 'person.emergencyMobile',
  symptoms: 'symptoms',
  temperatureTenths: 'temperature',
  boughtFor: 'proxy.name',
  'boughtFor/name': 'proxy.name',
  'boughtFor/relation': 'proxy.relation',
  'boughtFor/documentType': 'proxy.documentNumber',
  'boughtFor/documentNumber': 'proxy.documentNumber',
  history: 'history',
  reason: 'reason',
  soldAt: 'soldAt',
  id: 'soldAt',
}

/**
 * The place of the form that a JSON pointer (RFC 6901) of the server speaks of. Prefixes of a batch or a correction
 * are taken off; an unknown pointer belongs to the form as a whole.
 */
export function fieldOf(pointer: string): Field {
  const path = pointer
    .replace(/^#?\//, '')
    .replace(/^(purchases|body\/purchases)\/\d+\/?/, '')
    .replace(/^(body\/)?changes\//, '')
  if (/^items(\/|$)/.test(path)) return 'items'
  if (/^symptoms\//.test(path)) return 'symptoms'
  return names[path] ?? 'form'
}

/** Problems of the server's answer as places of the form. */
export function problemsOf(
  errors: readonly { pointer: string; detail: string; code?: string }[],
): readonly FieldProblem[] {
  return errors.map((error) => ({ field: fieldOf(error.pointer), message: error.detail, code: error.code ?? '' }))
}

/** Step of the conversation in which a place stands: 1 document, 2 person, 3 drug, 4 symptoms. */
export function stepOf(field: Field): 1 | 2 | 3 | 4 {
  if (field === 'documentType' || field === 'documentNumber') return 1
  if (field.startsWith('person.')) return 2
  if (field === 'items') return 3
  return 4
}
