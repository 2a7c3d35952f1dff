import { epcisContext, type ReadDocument, standardPrefixes, toShortName, validate } from '../document/index.ts'
import { eventsOf } from '../document/read.ts'
import type { Problem } from '../result.ts'
import { extensions, extensionValue, mark, properties } from './extension.ts'
import { hoisted } from './hoist.ts'
import { headerXml, isExtension, jsonXml, numbers, shapeOf, termFields } from './names.ts'
import { parseXml, type XmlElement, XmlError } from './parse.ts'

type Fields = Record<string, unknown>
const eventTypes = /^(Object|Aggregation|Association|Transaction|Transformation)Event$/
const trimmed = ({ text }: XmlElement): string => text.trim()
const plain = ({ attributes }: XmlElement, local: string): string | undefined =>
  attributes.find((each) => each.namespace === '' && each.local === local)?.value

/** Children, those of the wrappers of EPCIS 1.x among them. */
const childrenOf = (element: XmlElement): XmlElement[] =>
  element.children.flatMap((each) =>
    !isExtension(each) && /^(baseE|e)xtension$/.test(each.local) ? childrenOf(each) : [each],
  )
const child = (element: XmlElement, local: string): XmlElement | undefined =>
  childrenOf(element).find((each) => each.local === local && !isExtension(each))

function term(field: string, value: string): string {
  const expanded = value.replace(/^(gs1|cbv):/, (_, prefix: string) => standardPrefixes[prefix]!)
  const short = toShortName(termFields[field]!, expanded)
  return short === expanded ? value : short
}

const quantity = (element: XmlElement): Fields =>
  Object.fromEntries(
    childrenOf(element).map((each) => [each.local, each.local === 'quantity' ? Number(trimmed(each)) : trimmed(each)]),
  )

/** Attributes of sensor metadata and reports. */
function attributed(element: XmlElement): Fields {
  const entries = element.attributes
    .filter(({ namespace }) => namespace !== jsonXml)
    .map(({ prefix, local, value }) => {
      if (prefix) return [`${prefix}:${local}`, value]
      if (numbers.has(local)) return [local, Number(value)]
      if (local === 'booleanValue') return [local, value === 'true' || value === '1']
      return [local, local in termFields ? term(local, value) : value]
    })
  return { ...Object.fromEntries(entries), ...extensions(element.children) }
}

function sensor(element: XmlElement): Fields {
  const children = childrenOf(element)
  const named = (local: string) => children.filter((each) => each.local === local && !isExtension(each))
  const [metadata, reports] = [named('sensorMetadata'), named('sensorReport')]
  return {
    ...(metadata[0] ? { sensorMetadata: attributed(metadata[0]) } : {}),
    sensorReport: reports.map(attributed),
    ...properties(children.filter((each) => each !== metadata[0] && !reports.includes(each))),
  }
}

function declared(element: XmlElement): Fields {
  const fields: Fields = {}
  for (const each of childrenOf(element).filter((one) => !isExtension(one))) {
    if (each.local === 'correctiveEventIDs') fields[each.local] = each.children.map(trimmed)
    else fields[each.local] = each.local === 'reason' ? term('reason', trimmed(each)) : trimmed(each)
  }
  return { ...fields, ...extensions(element.children) }
}

function dispositions(element: XmlElement): Fields {
  const byName = Map.groupBy(element.children, ({ local }) => local)
  return Object.fromEntries(
    [...byName].map(([name, each]) => [
      name,
      each.map((one) => (name in termFields ? term(name, trimmed(one)) : trimmed(one))),
    ]),
  )
}

function typed(element: XmlElement): Fields {
  const type = plain(element, 'type')
  return {
    ...(type === undefined ? {} : { type: element.local in termFields ? term(element.local, type) : type }),
    [element.local]: trimmed(element),
  }
}

function field(element: XmlElement, same: readonly XmlElement[]): unknown {
  switch (shapeOf(element.local)) {
    case 'texts':
      return mark(element, 'list') === 'empty'
        ? []
        : mark(element, 'list') || same.length > 1
          ? same.map(trimmed)
          : trimmed(element)
    case 'epcs':
      return childrenOf(element).map(trimmed)
    case 'quantities':
      return childrenOf(element).map(quantity)
    case 'place':
      return {
        ...Object.fromEntries(
          childrenOf(element)
            .filter((each) => !isExtension(each))
            .map((each) => [each.local, trimmed(each)]),
        ),
        ...extensions(element.children),
      }
    case 'typed':
      return childrenOf(element).map(typed)
    case 'sensors':
      return childrenOf(element).map(sensor)
    case 'dispositions':
      return dispositions(element)
    case 'error':
      return declared(element)
    case 'ilmd':
      return properties(childrenOf(element))
    default:
      return element.local in termFields ? term(element.local, trimmed(element)) : trimmed(element)
  }
}

function event(given: XmlElement, outer: ReadonlyMap<string, string>): Fields {
  const element = hoisted(given, outer)
  const children = childrenOf(element)
  const standard = Map.groupBy(
    children.filter((each) => !isExtension(each)),
    ({ local }) => local,
  )
  const own = prefixesOf([element])
  return {
    type: element.local,
    ...(Object.keys(own).length > 0 ? { '@context': [own] } : {}),
    ...Object.fromEntries([...standard].map(([name, same]) => [name, field(same[0]!, same)])),
    ...extensions(children),
  }
}

/** Prefixes declared on elements, without those of the document's own grammar. */
function prefixesOf(elements: readonly XmlElement[]): Record<string, string> {
  const grammar = (iri: string) =>
    iri === jsonXml || iri === headerXml || /^urn:epcglobal:epcis|\/XMLSchema-instance$/.test(iri)
  return Object.fromEntries(
    elements.flatMap(({ prefixes }) =>
      [...prefixes].filter(
        ([prefix, iri]) => prefix !== '' && iri !== `${prefix}:` && !grammar(iri) && standardPrefixes[prefix] !== iri,
      ),
    ),
  )
}

function vocabularies(list: XmlElement): Fields[] {
  return childrenOf(list).map((vocabulary) => {
    const elements = child(vocabulary, 'VocabularyElementList')
    return {
      type: plain(vocabulary, 'type'),
      ...(elements ? { vocabularyElementList: childrenOf(elements).map(vocabularyElement) } : {}),
    }
  })
}

const withoutId = (element: XmlElement): XmlElement => ({
  ...element,
  attributes: element.attributes.filter(({ namespace, local }) => namespace !== '' || local !== 'id'),
})

function vocabularyElement(element: XmlElement): Fields {
  const attributes = childrenOf(element).filter(({ local }) => local === 'attribute')
  const children = child(element, 'children')
  return {
    id: plain(element, 'id'),
    ...(attributes.length > 0
      ? {
          attributes: attributes.map((each) => ({
            id: plain(each, 'id'),
            ...(mark(each, 'type') === 'none' ? {} : { attribute: extensionValue(withoutId(each)) }),
          })),
        }
      : {}),
    ...(children ? { children: childrenOf(children).map(trimmed) } : {}),
  }
}

function header(root: XmlElement): Fields {
  const element = root.children.find(({ local }) => local === 'EPCISHeader')
  if (!element) return {}
  const business = element.children.find(({ namespace }) => namespace === headerXml)
  const inside = (...path: string[]) =>
    path.reduce<XmlElement | undefined>((at, local) => at?.children.find((each) => each.local === local), business)
  const given = {
    sender: inside('Sender', 'Identifier'),
    receiver: inside('Receiver', 'Identifier'),
    instanceIdentifier: inside('DocumentIdentification', 'InstanceIdentifier'),
  }
  const master = child(element, 'EPCISMasterData')
  const list = master && child(master, 'VocabularyList')
  const rest = extensions(element.children.filter((each) => each !== business))
  const fields = { ...(master ? { epcisMasterData: list ? { vocabularyList: vocabularies(list) } : {} } : {}), ...rest }
  return {
    ...Object.fromEntries(Object.entries(given).flatMap(([name, each]) => (each ? [[name, trimmed(each)]] : []))),
    ...(Object.keys(fields).length > 0 || !business ? { epcisHeader: fields } : {}),
  }
}

function body(root: XmlElement, outer: ReadonlyMap<string, string>): Fields {
  const element = child(root, 'EPCISBody')
  const events = (parent: XmlElement | undefined) =>
    parent
      ? childrenOf(parent)
          .filter(({ local }) => eventTypes.test(local))
          .map((each) => event(each, outer))
      : undefined
  const results = element && childrenOf(element).find(({ local }) => local === 'QueryResults')
  if (!results) return { eventList: events(element && child(element, 'EventList')) }
  const named = (local: string) => {
    const found = child(results, local)
    return found ? { [local]: trimmed(found) } : {}
  }
  const inside = child(results, 'resultsBody')
  const list = inside && child(inside, 'VocabularyList')
  return {
    queryResults: {
      ...named('queryName'),
      ...named('subscriptionID'),
      resultsBody: {
        eventList: events(inside && child(inside, 'EventList')),
        ...(list ? { vocabularyList: vocabularies(list) } : {}),
        ...extensions(inside?.children ?? []),
      },
      ...extensions(results.children),
    },
  }
}

/**
 * Reads an EPCIS 2.0 XML document, query document or single event as the JSON it stands for, and checks that like JSON. Standard terms come as
 * short names whether they were web URIs, CBV URNs or compact; the wrappers of EPCIS 1.2 are looked through, and the order of elements is not
 * judged. Problems: `xml`, `document`, and those of `validate`, whose paths are those of the JSON.
 */
export function readXml(text: string): { ok: true; value: ReadDocument } | { ok: false; problems: Problem[] } {
  let root: XmlElement
  try {
    root = parseXml(text)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return { ok: false, problems: [{ path: '', rule: 'xml', message: error.message }] }
  }
  const json = eventTypes.test(root.local) ? single(root) : whole(root)
  const problems = json
    ? validate(json)
    : [{ path: '', rule: 'document', message: `${root.local} is no EPCIS document or event` }]
  if (problems.length > 0) return { ok: false, problems }
  const document = json as unknown as ReadDocument['document']
  return { ok: true, value: { document, events: eventsOf(document) } }
}

function single(root: XmlElement): Fields {
  const { '@context': own = [], ...fields } = event(root, new Map())
  return { '@context': [epcisContext, ...(own as object[])], ...fields }
}

function whole(given: XmlElement): Fields | null {
  if (!/^EPCIS(Query)?Document$/.test(given.local)) return null
  const isBody = ({ local }: XmlElement) => local === 'EPCISBody'
  // Events have prefixes of their own.
  const around = hoisted({ ...given, children: given.children.filter((each) => !isBody(each)) }, new Map())
  const root = { ...around, children: [...around.children, ...given.children.filter(isBody)] }
  const prefixes = prefixesOf([root])
  const attribute = (local: string) => (plain(root, local) === undefined ? {} : { [local]: plain(root, local) })
  const id = mark(root, 'id')
  return {
    '@context': [epcisContext, ...(Object.keys(prefixes).length > 0 ? [prefixes] : [])],
    type: root.local,
    ...(id === undefined ? {} : { id }),
    ...attribute('schemaVersion'),
    ...attribute('creationDate'),
    ...header(root),
    epcisBody: body(root, root.prefixes),
    ...extensions(root.children),
  }
}
