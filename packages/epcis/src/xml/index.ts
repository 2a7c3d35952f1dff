export { parseXml, type XmlAttribute, type XmlElement, XmlError } from './parse.ts'
export { readXml } from './read.ts'
export { type TermSpelling, writeXml, XmlWriteError } from './write.ts'
