export { parseXml, type XmlAttribute, type XmlElement, XmlError } from './parse.ts'
export { readXml } from './read.ts'
export { writeXml, XmlWriteError } from './write.ts'
