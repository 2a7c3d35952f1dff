import { type Namespaces, parseInstant } from '@vigil/epcis/document'
import { textKey } from './key.domain.ts'
import type { FactWant } from './query.domain.ts'
import { comparisonOf, existsOf, extensionNames, listOf, numberOf, type Value } from './query.parameter.ts'

/** Where an extension may stand, by what its parameter says, as facts name it. */
const places: Readonly<Record<string, string>> = {
  '': 'field',
  ILMD_: 'ilmd',
  ERROR_DECLARATION_: 'error',
  SENSORELEMENT_: 'sensorElement',
  SENSORMETADATA_: 'sensorMetadata',
  SENSORREPORT_: 'sensorReport',
  readPoint_: 'readPoint',
  bizLocation_: 'bizLocation',
}

const place = Object.keys(places).filter(Boolean).join('|')
/** Source of the expression for an extension in a parameter's name: `INNER_ILMD_ex:lot`. */
export const extensionField = `(?:INNER_)?(?:${place})?[A-Za-z][\\w.+-]*:.+`
const parts = new RegExp(`^(INNER_)?(${place})?([A-Za-z][\\w.+-]*:.+)$`)

/** Names of the facts of an extension as a parameter names it. @throws Problem 400 for a prefix that nobody declared */
export function factNames(parameter: string, field: string, namespaces: Namespaces): string[] {
  const [, inner, holder = '', name = ''] = parts.exec(field) ?? []
  const prefix = `${places[holder]}${inner ? '.inner' : ''}`
  return extensionNames(parameter, name, namespaces).map((each) => textKey(`${prefix}/${each}`))
}

/** What an extension is compared with: EQ with texts, numbers and times alike, the others with a number or a time. */
export function wantOf(parameter: string, operator: string, value: Value): FactWant | null {
  if (operator === 'EXISTS') return existsOf(parameter, value) ? { kind: 'exists' } : null
  const compare = comparisonOf(operator)
  if (compare === 'eq') {
    const texts = listOf(parameter, value)
    const numbers = texts.filter((text) => /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)).map(Number)
    const times = texts.flatMap((text) => parseInstant(text)?.time ?? [])
    return { kind: 'any', texts: texts.map(textKey), numbers, times }
  }
  const instant = typeof value === 'string' ? parseInstant(value.replace(/ (?=\d\d:\d\d$)/, '+')) : null
  return instant
    ? { kind: 'time', compare, at: instant.time }
    : { kind: 'number', compare, number: numberOf(parameter, value) }
}
