import type { EpcisEvent, EpcisQueryDocument } from '@vigil/epcis/document'
import { canonicalUri, elementsToEpc, formatEpc, parseDigitalLink, parseEpc } from '@vigil/epcis/identifier'
import { exception } from './exception.ts'

/** How GS1 keys are spelled in an answer (`GS1-EPC-Format`). */
export const epcFormats = ['No_Preference', 'Never_Translates', 'Always_GS1_Digital_Link', 'Always_EPC_URN'] as const
export type EpcFormat = (typeof epcFormats)[number]
/** How standard terms are spelled in XML (`GS1-CBV-XML-Format`). */
export const termFormats = ['No_Preference', 'Always_Web_URI', 'Always_URN'] as const
export type TermFormat = (typeof termFormats)[number]

type Fields = Record<string, unknown>
type Spell = (uri: string) => string

const lists = ['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList'] as const
const single = ['parentID', 'transformationID'] as const
/** Lists of objects, and the field of each that may hold a key. */
const inLists = {
  quantityList: 'epcClass',
  childQuantityList: 'epcClass',
  inputQuantityList: 'epcClass',
  outputQuantityList: 'epcClass',
  bizTransactionList: 'bizTransaction',
  sourceList: 'source',
  destinationList: 'destination',
} as const
const places = ['readPoint', 'bizLocation'] as const
const devices = ['deviceID', 'deviceMetadata', 'rawData'] as const

/** An event whose keys are spelled anew; its ID and extensions stay as they are. */
function respell(event: EpcisEvent, spell: Spell): EpcisEvent {
  const given = event as unknown as Fields
  const changed: Fields = { ...given }
  const set = (holder: Fields, name: string) => {
    if (typeof holder[name] === 'string') holder[name] = spell(holder[name])
  }
  for (const name of lists) if (Array.isArray(given[name])) changed[name] = (given[name] as string[]).map(spell)
  for (const name of single) set(changed, name)
  for (const [name, field] of Object.entries(inLists))
    if (Array.isArray(given[name]))
      changed[name] = (given[name] as Fields[]).map((each) => {
        const copy = { ...each }
        set(copy, field)
        return copy
      })
  for (const name of places)
    if (given[name]) {
      const copy = { ...(given[name] as Fields) }
      set(copy, 'id')
      changed[name] = copy
    }
  if (event.sensorElementList)
    changed.sensorElementList = event.sensorElementList.map(({ sensorMetadata, sensorReport, ...rest }) => {
      const device = (part: object) => {
        const copy = { ...part } as Fields
        for (const name of devices) set(copy, name)
        return copy
      }
      return {
        ...rest,
        ...(sensorMetadata && { sensorMetadata: device(sensorMetadata) }),
        sensorReport: sensorReport.map(device),
      }
    })
  return changed as unknown as EpcisEvent
}

const toLink: Spell = (uri) => (uri.startsWith('urn:epc:') ? (canonicalUri(uri) ?? uri) : uri)

/** Company prefixes that the URNs of a text show: whose length is known without a list of all that were ever given out. */
const prefixesIn = (text: string): string[] =>
  [...text.matchAll(/urn:epc:(?:id|class|idpat):[a-z]+:(\d{6,12})\./g)].map(([, prefix]) => prefix!)

/**
 * EPC URN of a Digital Link. Its digits do not say how long the company prefix is: it must be one of those known.
 * @throws Problem 406 that names the key
 */
function toUrn(uri: string, prefixes: ReadonlySet<string>): string {
  if (!/^https?:/i.test(uri)) return uri
  const link = parseDigitalLink(uri)
  if (!link.ok) return uri
  const { key, qualifiers } = link.value.elements
  for (let length = 12; length >= 6; length--) {
    const epc = elementsToEpc({ key, qualifiers, attributes: [] }, length)
    if (epc.ok && prefixes.has(epc.value.companyPrefix)) return formatEpc(epc.value)
    // No scheme of EPC URNs has this key: a link is its only name.
    if (!epc.ok && epc.rule === 'no-epc') return uri
  }
  throw exception('NotAcceptableException', `不知道 ${uri} 的厂商识别代码有几位，无法写成 EPC URN`)
}

/**
 * A query document, as JSON text, with its GS1 keys spelled as asked for.
 * @param known company prefixes of which the server was told
 * @throws Problem 406 for a key that has no such spelling
 */
export function translate(document: string, format: EpcFormat, known: ReadonlySet<string>): string {
  if (format === 'No_Preference' || format === 'Never_Translates') return document
  const parsed = JSON.parse(document) as EpcisQueryDocument
  const results = parsed.epcisBody.queryResults
  const prefixes = format === 'Always_EPC_URN' ? new Set([...known, ...prefixesIn(document)]) : known
  const spell: Spell = format === 'Always_EPC_URN' ? (uri) => toUrn(uri, prefixes) : toLink
  const eventList = results.resultsBody.eventList.map((event) => respell(event, spell))
  const resultsBody = { ...results.resultsBody, eventList }
  return JSON.stringify({ ...parsed, epcisBody: { queryResults: { ...results, resultsBody } } })
}

/** Company prefixes from a list with commas. @throws Error for what is none */
export function companyPrefixes(text: string): ReadonlySet<string> {
  const prefixes = text.split(/[,\s]+/).filter(Boolean)
  for (const each of prefixes)
    if (!parseEpc(`urn:epc:id:giai:${each}.1`).ok) throw new Error(`VIGIL_GS1_PREFIXES: ${each} is no company prefix`)
  return new Set(prefixes)
}
