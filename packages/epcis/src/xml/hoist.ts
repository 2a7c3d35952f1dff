import { isExtension } from './names.ts'
import type { XmlAttribute, XmlElement } from './parse.ts'

/**
 * The element with every prefix that is declared further in declared on itself, as a JSON-LD context has to have them. Where one prefix stands for
 * two namespaces, or a foreign namespace for no prefix at all, the inner names get a prefix of their own. `outer`: prefixes in force around it.
 */
export function hoisted(element: XmlElement, outer: ReadonlyMap<string, string>): XmlElement {
  const known = new Map([...outer, ...element.prefixes])
  const own = new Map(element.prefixes)
  const declare = (prefix: string, namespace: string): string => {
    if (prefix !== '' && known.get(prefix) === namespace) return prefix
    let name = prefix
    for (let n = 1; name === '' || known.has(name); n++) {
      name = `${prefix || 'ns'}${n}`
      if (known.get(name) === namespace) return name
    }
    known.set(name, namespace)
    own.set(name, namespace)
    return name
  }
  const attribute = (each: XmlAttribute): XmlAttribute =>
    each.prefix === '' ? each : { ...each, prefix: declare(each.prefix, each.namespace) }
  const inside = (each: XmlElement): XmlElement => {
    for (const [prefix, namespace] of each.prefixes) if (prefix !== '' && namespace !== '') declare(prefix, namespace)
    const named = each.prefix !== '' || (each.namespace !== '' && isExtension({ ...each, prefix: 'x' }))
    return {
      ...each,
      prefix: named ? declare(each.prefix, each.namespace) : '',
      attributes: each.attributes.map(attribute),
      children: each.children.map(inside),
    }
  }
  if (!declaresInside(element)) return element
  const children = element.children.map(inside)
  return { ...element, children, prefixes: own }
}

const declaresInside = ({ children }: XmlElement): boolean =>
  children.some((each) => each.prefixes.size > 0 || declaresInside(each))
