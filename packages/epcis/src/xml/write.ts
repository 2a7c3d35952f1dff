import { namespacesOf, standardPrefixes, toWebUri } from '../document/index.ts'
import type { Context, EpcisDocument, EpcisEvent, EpcisQueryDocument, Json, Vocabulary } from '../document/types.ts'
import type { VocabularyField } from '../document/vocabulary.ts'
import { epcisXml, fieldsOf, headerXml, jsonXml, queryXml, shapeOf, termFields } from './names.ts'

/** A document cannot be written as XML: a name or character that XML has no way to say. `name` is what cannot. */
export class XmlWriteError extends Error {
  override readonly name = 'XmlWriteError'
  readonly subject: string

  constructor(message: string, subject: string) {
    super(`${message}: ${JSON.stringify(subject)}`)
    this.subject = subject
  }
}

type Fields = Readonly<Record<string, unknown>>
const ncName = /^[A-Za-z_\u0080-\uffff][\w.\-\u0080-\uffff]*$/

function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.test(text))
    throw new XmlWriteError('a character that XML cannot hold', text)
  return text.replace(/[<>&"\r\n\t]/g, (char) => `&#${char.charCodeAt(0)};`)
}

const attributesOf = (attributes: readonly (readonly [string, unknown])[]): string =>
  attributes.map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(String(value))}"`)).join('')

function element(name: string, content: string, attributes: readonly (readonly [string, unknown])[] = []): string {
  const start = `<${name}${attributesOf(attributes)}`
  return content === '' ? `${start}/>` : `${start}>${content}</${name}>`
}
const leaf = (name: string, value: unknown): string =>
  value === undefined ? '' : element(name, escapeXml(String(value)))
/** How a term of a vocabulary is spelled. */
export type TermSpelling = (field: VocabularyField, value: string) => string
const term = (name: string, value: unknown, spell: TermSpelling): string =>
  value === undefined ? '' : leaf(name, spell(termFields[name]!, String(value)))

const grammar = new Set(['epcis', 'epcisq', 'sbdh', 'json'])
const usable = (prefix: string): boolean => ncName.test(prefix) && !/^xml/i.test(prefix) && !grammar.has(prefix)

/** Prefixes of a context as declarations; of the standard ones only those that are `used`. */
function declarations(context: Context | undefined, used: ReadonlySet<string> = none): [string, string][] {
  return [...namespacesOf(context)]
    .filter(([prefix, iri]) => usable(prefix) && iri !== '' && (standardPrefixes[prefix] !== iri || used.has(prefix)))
    .map(([prefix, iri]) => [`xmlns:${prefix}`, iri])
}
const none: ReadonlySet<string> = new Set()

/** Whether XML can have the name: without a prefix, or with one that the grammar leaves free. */
function isXmlName(name: string): boolean {
  const [prefix, local, ...more] = name.split(':')
  if (more.length > 0) return false
  return local === undefined ? ncName.test(prefix!) : usable(prefix!) && ncName.test(local)
}

/** Extension property as elements: a list as one element for each entry. */
function extension(name: string, value: unknown): string {
  const [tag, marks]: [string, Marks] = isXmlName(name) ? [name, []] : ['json:entry', [['json:name', name]]]
  if (!Array.isArray(value)) return extensionValue(tag, value, marks)
  if (value.length === 0) return element(tag, '', [...marks, ['json:list', 'empty']])
  const one: Marks = value.length === 1 ? [['json:list', 'one']] : []
  return value.map((each) => extensionValue(tag, each, [...marks, ...one])).join('')
}
type Marks = readonly (readonly [string, string])[]

function extensionValue(name: string, value: unknown, marks: Marks): string {
  if (typeof value === 'string') return element(name, escapeXml(value), marks)
  if (Array.isArray(value))
    return element(name, value.map((each) => extensionValue('json:item', each, [])).join(''), [
      ...marks,
      ['json:type', 'array'],
    ])
  if (value === null || typeof value !== 'object')
    return element(name, value === null ? '' : String(value), [
      ...marks,
      ['json:type', value === null ? 'null' : typeof value],
    ])
  const content = extensions(value as Fields)
  return element(name, content, content === '' ? [...marks, ['json:type', 'object']] : marks)
}

const extensions = (fields: Fields, known: (name: string) => boolean = () => false): string =>
  Object.entries(fields)
    .filter(([name, value]) => !known(name) && value !== undefined)
    .map(([name, value]) => extension(name, value))
    .join('')

function quantity(value: Fields): string {
  return element(
    'quantityElement',
    leaf('epcClass', value.epcClass) + leaf('quantity', value.quantity) + leaf('uom', value.uom),
  )
}

/** Sensor metadata and reports have attributes; an extension that is no text becomes an element inside. */
function attributed(name: string, value: Fields, spell: TermSpelling): string {
  const plain = ([key, each]: readonly [string, unknown]) =>
    !key.includes(':') || (typeof each === 'string' && isXmlName(key))
  const attributes = Object.entries(value)
    .filter(plain)
    .map(([key, each]) => [key, key in termFields ? spell(termFields[key]!, String(each)) : each] as const)
  return element(name, extensions(Object.fromEntries(Object.entries(value).filter((each) => !plain(each)))), attributes)
}

function sensor({ sensorMetadata, sensorReport, ...others }: Fields, spell: TermSpelling): string {
  const metadata = sensorMetadata === undefined ? '' : attributed('sensorMetadata', sensorMetadata as Fields, spell)
  return element(
    'sensorElement',
    metadata +
      (sensorReport as Fields[]).map((each) => attributed('sensorReport', each, spell)).join('') +
      extensions(others),
  )
}

const content: Readonly<Record<string, (name: string, value: never, spell: TermSpelling) => string>> = {
  text: (name, value: string, spell) => (name in termFields ? term(name, value, spell) : leaf(name, value)),
  texts: (name, value: string | string[]) =>
    Array.isArray(value) && value.length < 2
      ? element(name, escapeXml(value[0] ?? ''), [['json:list', value.length === 0 ? 'empty' : 'one']])
      : [value]
          .flat()
          .map((each) => leaf(name, each))
          .join(''),
  epcs: (name, value: string[]) => element(name, value.map((each) => leaf('epc', each)).join('')),
  quantities: (name, value: Fields[]) => element(name, value.map(quantity).join('')),
  place: (name, { id, ...others }: Fields) => element(name, leaf('id', id) + extensions(others)),
  typed: (name, value: Fields[], spell) => {
    const item = name.slice(0, -4)
    const type = (each: Fields) => (each.type === undefined ? undefined : spell(termFields[item]!, String(each.type)))
    return element(
      name,
      value.map((each) => element(item, escapeXml(String(each[item])), [['type', type(each)]])).join(''),
    )
  },
  sensors: (name, value: Fields[], spell) => element(name, value.map((each) => sensor(each, spell)).join('')),
  dispositions: (name, { set, unset }: { set?: string[]; unset?: string[] }, spell) =>
    element(
      name,
      [
        ...(unset ?? []).map((each) => term('unset', each, spell)),
        ...(set ?? []).map((each) => term('set', each, spell)),
      ].join(''),
    ),
  error: (name, { declarationTime, reason, correctiveEventIDs, ...others }: Fields, spell) => {
    const ids = correctiveEventIDs as string[] | undefined
    const list =
      ids === undefined
        ? ''
        : element('correctiveEventIDs', ids.map((each) => leaf('correctiveEventID', each)).join(''))
    return element(
      name,
      leaf('declarationTime', declarationTime) + term('reason', reason, spell) + list + extensions(others),
    )
  },
  ilmd: (name, value: Fields) => element(name, extensions(value)),
}

function event(value: EpcisEvent, spell: TermSpelling): string {
  const fields = value as unknown as Fields
  if (!/^[A-Za-z]+$/.test(value.type)) throw new XmlWriteError('an event type that EPCIS XML does not have', value.type)
  const standard = fieldsOf(value.type)
    .filter((name) => fields[name] !== undefined)
    .map((name) => content[shapeOf(name)!]!(name, fields[name] as never, spell))
  const others = extensions(fields, (name) => name === 'type' || name === '@context' || shapeOf(name) !== undefined)
  return element(value.type, standard.join('') + others, declarations(value['@context']))
}

function vocabulary({ type, vocabularyElementList }: Vocabulary): string {
  const elements = vocabularyElementList?.map(({ id, attributes = [], children }) => {
    const list = attributes.map((each) =>
      element('attribute', attributeText(each.attribute), [['id', each.id], ...attributeMark(each.attribute)]),
    )
    return element(
      'VocabularyElement',
      list.join('') + (children ? element('children', children.map((each) => leaf('id', each)).join('')) : ''),
      [['id', id]],
    )
  })
  return element('Vocabulary', elements ? element('VocabularyElementList', elements.join('')) : '', [['type', type]])
}
const attributeText = (value: Json | undefined): string =>
  value !== null && typeof value === 'object' ? extensions(value as Fields) : escapeXml(String(value ?? ''))
const attributeMark = (value: Json | undefined): [string, string][] =>
  value === undefined
    ? [['json:type', 'none']]
    : typeof value === 'string' || (value !== null && typeof value === 'object')
      ? []
      : [['json:type', value === null ? 'null' : typeof value]]

function header(document: EpcisDocument): string {
  const { sender, receiver, instanceIdentifier, epcisHeader } = document
  const partner = (name: string, id: string | undefined) =>
    id === undefined ? '' : element(`sbdh:${name}`, leaf('sbdh:Identifier', id))
  const identification = element(
    'sbdh:DocumentIdentification',
    leaf('sbdh:Standard', 'EPCglobal') +
      leaf('sbdh:TypeVersion', '2.0') +
      leaf('sbdh:InstanceIdentifier', instanceIdentifier) +
      leaf('sbdh:Type', 'Events') +
      leaf('sbdh:CreationDateAndTime', document.creationDate),
  )
  const business = sender ?? receiver ?? instanceIdentifier
  const sbdh =
    business === undefined
      ? ''
      : element(
          'sbdh:StandardBusinessDocumentHeader',
          leaf('sbdh:HeaderVersion', '1.0') +
            partner('Sender', sender) +
            partner('Receiver', receiver) +
            identification,
        )
  const { epcisMasterData, ...others } = epcisHeader ?? {}
  const list = epcisMasterData?.vocabularyList
  const master =
    epcisMasterData === undefined
      ? ''
      : element('EPCISMasterData', list ? element('VocabularyList', list.map(vocabulary).join('')) : '')
  const inside = sbdh + (master && element('extension', master)) + extensions(others)
  return inside === '' && !epcisHeader ? '' : element('EPCISHeader', inside)
}

const documentFields = new Set([
  '@context',
  'id',
  'type',
  'schemaVersion',
  'creationDate',
  'instanceIdentifier',
  'sender',
  'receiver',
  'epcisHeader',
  'epcisBody',
])

/**
 * EPCIS 2.0 XML of a valid document: standard terms as web URIs unless `spell` says otherwise, extensions as elements of their namespaces. What XML has no word for
 * (numbers and lists in extensions) is marked by attributes of a namespace of ours, which others may ignore. Throws `XmlWriteError`.
 */
export function writeXml(document: EpcisDocument | EpcisQueryDocument, spell: TermSpelling = toWebUri): string {
  const { id, schemaVersion, creationDate } = document
  const text =
    document.type === 'EPCISDocument'
      ? header(document) + element('EPCISBody', eventList(document.epcisBody.eventList, spell))
      : results(document, spell)
  const others = extensions(document as unknown as Fields, (name) => documentFields.has(name))
  const body = text + others
  const used = prefixesIn(document)
  const [prefix, namespace] = document.type === 'EPCISDocument' ? ['epcis', epcisXml] : ['epcisq', queryXml]
  const names: [string, string][] = [
    [`xmlns:${prefix}`, namespace],
    ['xmlns:sbdh', headerXml],
    ['xmlns:json', jsonXml],
  ]
  const root = declarations(document['@context'], used)
  // A prefix that nothing declares is a scheme: the name is a URI already (JSON-LD 1.1, 5.2).
  const known = new Set(root.map(([name]) => name))
  const schemes = [...used]
    .filter((each) => usable(each) && !known.has(`xmlns:${each}`))
    .map((each): [string, string] => [`xmlns:${each}`, `${each}:`])
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(`${prefix}:${document.type}`, body, [
    ...names.filter(
      ([name]) =>
        name === `xmlns:${prefix}` || body.includes(`${name.slice(6)}:`) || (name === 'xmlns:json' && id !== undefined),
    ),
    ...root,
    ...schemes,
    ['schemaVersion', schemaVersion],
    ['creationDate', creationDate],
    ['json:id', id],
  ])}\n`
}

/** Prefixes of all property names at any depth. */
function prefixesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found
  for (const [name, each] of Object.entries(value)) {
    if (name === '@context') continue
    if (!Array.isArray(value) && name.includes(':') && isXmlName(name)) found.add(name.slice(0, name.indexOf(':')))
    prefixesIn(each, found)
  }
  return found
}
const eventList = (events: readonly EpcisEvent[], spell: TermSpelling): string =>
  element('EventList', events.map((each) => event(each, spell)).join(''))

function results({ epcisBody: { queryResults } }: EpcisQueryDocument, spell: TermSpelling): string {
  const { queryName, subscriptionID, resultsBody, ...others } = queryResults
  const { eventList: events, vocabularyList, ...more } = resultsBody
  const list = vocabularyList ? element('VocabularyList', vocabularyList.map(vocabulary).join('')) : ''
  const inside =
    leaf('queryName', queryName) +
    leaf('subscriptionID', subscriptionID) +
    element('resultsBody', eventList(events, spell) + list + extensions(more)) +
    extensions(others)
  return element('EPCISBody', element('epcisq:QueryResults', inside))
}
