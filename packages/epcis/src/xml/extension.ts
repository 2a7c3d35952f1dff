import { isExtension, jsonXml } from './names.ts'
import type { XmlElement } from './parse.ts'

type Fields = Record<string, unknown>
const instanceXml = 'http://www.w3.org/2001/XMLSchema-instance'

/** What our own attribute says of an element, or undefined. */
export const mark = ({ attributes }: XmlElement, local: string): string | undefined =>
  attributes.find((each) => each.namespace === jsonXml && each.local === local)?.value

/** Extension elements as properties. */
export const extensions = (elements: readonly XmlElement[]): Fields => properties(elements.filter(isExtension))

/** Elements as properties; those that stand more than once as lists. */
export function properties(elements: readonly XmlElement[]): Fields {
  const byName = Map.groupBy(elements, nameOf)
  return Object.fromEntries([...byName].map(([name, each]) => [name, together(each)]))
}

const nameOf = (element: XmlElement): string =>
  mark(element, 'name') ?? (element.prefix ? `${element.prefix}:${element.local}` : element.local)

function together(elements: readonly XmlElement[]): unknown {
  const list = mark(elements[0]!, 'list')
  if (list === 'empty') return []
  return list || elements.length > 1 ? elements.map(extensionValue) : extensionValue(elements[0]!)
}

/**
 * Text or properties of an extension element. Attributes are properties, and text beside attributes or elements is `#text`; the types that
 * `xsi:type` names are not looked at: the value is what is written.
 */
export function extensionValue(element: XmlElement): unknown {
  switch (mark(element, 'type')) {
    case 'number':
      return Number(element.text)
    case 'boolean':
      return element.text === 'true'
    case 'null':
      return null
    case 'array':
      return element.children.map(extensionValue)
    case 'object':
      return {}
    default:
      return structured(element)
  }
}

function structured(element: XmlElement): unknown {
  const given = element.attributes.filter(({ namespace }) => namespace !== jsonXml && namespace !== instanceXml)
  if (element.children.length === 0 && given.length === 0) return element.text
  const text = element.text.trim()
  return {
    ...(text === '' ? {} : { '#text': text }),
    ...Object.fromEntries(given.map(({ prefix, local, value }) => [prefix ? `${prefix}:${local}` : local, value])),
    ...properties(element.children),
  }
}
