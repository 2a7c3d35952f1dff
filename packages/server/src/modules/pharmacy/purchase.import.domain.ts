import { isDay, toHalfWidth } from '@vigil/codes'
import { documentTypeNames, documentTypes, relationNames, symptomNames, symptoms } from '@vigil/contract'

type DocumentTypeName = (typeof documentTypes)[number]
type SymptomName = (typeof symptoms)[number]
type RelationName = keyof typeof relationNames

const shanghaiMs = 8 * 3_600_000
const pad = (text: string): string => text.padStart(2, '0')

const dated =
  /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[T\s]*(上午|下午|[AP]M)?\s*(\d{1,2})(?:[:时点](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?|(\d{2})(\d{2})?)?[分时点]?\s*(上午|下午|[AP]M)?)?(Z|[+-]\d{2}:?\d{2})?$/i

/**
 * Reads the time of a sale as tables bear it: 2022-03-14, 2022/3/14, 2022.3.14, 20220314, 2022年3月14日, each with or without a
 * time (10:22, 10:22:33, 10时22分, 下午2:05, T10:22:33+08:00), or the serial number of a spreadsheet (base 1900; ECMA-376
 * part 1, 18.17.4.1). Without offset in Asia/Shanghai; a day alone is its midnight.
 * @returns Unix milliseconds; undefined when it is no time
 */
export function parseTime(given: string): number | undefined {
  const text = toHalfWidth(given.replaceAll('：', ':')).replaceAll('／', '/').replaceAll('－', '-')
  if (/^\d{5}(\.\d+)?$/.test(text)) {
    const seconds = Math.round((Number(text) - 25_569) * 86_400)
    return seconds * 1000 - shanghaiMs
  }
  const match = dated.exec(text)
  if (!match) return undefined
  const [, year = '', monthA, dayA, monthB, dayB, halfA, hourText, minuteA, secondA, minuteB, secondB, halfB, offset] =
    match
  const day = `${year}-${pad(monthA ?? monthB ?? '')}-${pad(dayA ?? dayB ?? '')}`
  if (!isDay(day)) return undefined
  let hour = Number(hourText ?? 0)
  const half = (halfA ?? halfB ?? '').toUpperCase()
  if ((half === '下午' || half === 'PM') && hour < 12) hour += 12
  if ((half === '上午' || half === 'AM') && hour === 12) hour = 0
  const minute = Number(minuteA ?? minuteB ?? 0)
  const second = Number(secondA ?? secondB ?? 0)
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const wall = Date.parse(`${day}T00:00:00Z`) + ((hour * 60 + minute) * 60 + second) * 1000
  return wall - offsetMs(offset)
}

function offsetMs(offset: string | undefined): number {
  if (!offset) return shanghaiMs
  if (/^z$/i.test(offset)) return 0
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2))
  return (offset.startsWith('-') ? -1 : 1) * minutes * 60_000
}

/** A whole number of packs: `2`, `2.0`, `２盒`. undefined when it is none from 1 to 99. */
export function parseQuantity(given: string): number | undefined {
  const match = /^(\d{1,2})(?:\.0+)?\s*[盒瓶支袋板片粒包罐贴件个]?$/.exec(toHalfWidth(given))
  const value = match ? Number(match[1]) : 0
  return value > 0 ? value : undefined
}

/** Tenths of a degree from `38.5`, `38.5℃`, `38度5`; null when empty, undefined when it is no temperature from 34 to 43 °C. */
export function parseTemperature(given: string): number | null | undefined {
  const text = toHalfWidth(given).replace(/[．。]/g, '.')
  if (/^[-—/无]?$/.test(text)) return null
  const match = /^(\d{2})(?:(?:\.|度)(\d)\d*)?\s*(?:℃|°C|度)?$/i.exec(text)
  if (!match) return undefined
  const tenths = Number(match[1]) * 10 + Number(match[2] ?? 0)
  return tenths >= 340 && tenths <= 430 ? tenths : undefined
}

const symptomOf = new Map<string, SymptomName>([
  ...symptoms.map((code) => [code, code] as const),
  ...symptoms.map((code) => [symptomNames[code], code] as const),
  ['发烧', 'fever'],
  ['体温升高', 'fever'],
  ['咽喉痛', 'sore-throat'],
  ['喉咙痛', 'sore-throat'],
  ['嗓子痛', 'sore-throat'],
  ['疲劳', 'fatigue'],
  ['拉肚子', 'diarrhoea'],
])
const none = /^([-—/]|无|没有|无症状|否)?$/
const cachedSymptoms = new Map<string, SymptomName[]>()

/** Symptoms as they are listed in a cell; what is not in the list of the counter is 其他. */
export function parseSymptoms(given: string): SymptomName[] {
  let known = cachedSymptoms.get(given)
  if (!known) {
    const words = toHalfWidth(given).split(/[、,，;；/\s]+/)
    known = [...new Set(words.filter((word) => !none.test(word)).map((word) => symptomOf.get(word) ?? 'other'))]
    if (cachedSymptoms.size < 10_000) cachedSymptoms.set(given, known)
  }
  return known
}

const documentTypeOf = new Map<string, DocumentTypeName>([
  ['', 'citizen-id'],
  ...documentTypes.map((code) => [code, code] as const),
  ...documentTypes.map((code) => [documentTypeNames[code], code] as const),
  ['身份证', 'citizen-id'],
  ['二代身份证', 'citizen-id'],
  ['回乡证', 'hk-macau-permit'],
  ['港澳通行证', 'hk-macau-permit'],
  ['台胞证', 'taiwan-permit'],
  ['居住证', 'hmt-residence'],
  ['永居证', 'foreign-permanent-residence'],
])

/** The type of a document by its name; a citizen ID when the cell is empty. */
export const parseDocumentType = (given: string): DocumentTypeName | undefined =>
  documentTypeOf.get(given) ?? documentTypeOf.get(toHalfWidth(given))

const relationOf = new Map<string, RelationName>(
  (Object.keys(relationNames) as RelationName[]).flatMap((code) => [
    [code, code],
    [relationNames[code], code],
  ]),
)

/** How the buyer and the person bought for belong together; what is not in the list is 其他. */
export const parseRelation = (given: string): RelationName => relationOf.get(toHalfWidth(given)) ?? 'other'

/** The drugs of one cell: `甲` or, as our export writes several, `甲×2、乙×1`; then each has its quantity. */
export function parseDrugs(given: string): { name: string; quantity: number | undefined }[] {
  if (!given.includes('×')) return [{ name: given, quantity: undefined }]
  const found = [...given.matchAll(/(.+?)×(\d{1,2})(?:、|$)/g)]
  const whole = found.reduce((sum, match) => sum + match[0].length, 0) === given.length
  if (!whole) return [{ name: given, quantity: undefined }]
  return found.map((match) => ({ name: match[1]!, quantity: Number(match[2]) }))
}
