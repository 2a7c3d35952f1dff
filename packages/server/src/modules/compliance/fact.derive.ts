import { createHash, createHmac, createSecretKey } from 'node:crypto'
import { homeArea } from '@vigil/codes/areas'
import type { StoreDayEntry } from '../pharmacy/index.ts'
import type { KeptFact } from './compliance.table.ts'

/** Makes keyed marks of values: equal for equal values, 66 bits, useless without the key. */
export type Marker = (kind: string, value: string | Buffer) => string

/** @param secret of the installation, for this purpose alone */
export function markerOf(secret: Buffer): Marker {
  // Node prepares a key that is given as bytes at each call, which costs five times the mark itself.
  const key = createSecretKey(secret)
  return (kind, value) =>
    createHmac('sha256', key).update(kind).update('\0').update(value).digest('base64url').slice(0, 11)
}

const dayMs = 86_400_000
const shanghaiMs = 8 * 3_600_000

/** What the rules may know of an entry. After its month was shredded nothing can be derived: the marks are empty. */
export function deriveFact(entry: StoreDayEntry, mark: Marker): KeptFact {
  const { personal } = entry
  const number = personal && entry.documentType === 'citizen-id' ? personal.documentNumber : undefined
  return {
    id: entry.id,
    at: Math.floor(((entry.soldAt.getTime() + shanghaiMs) % dayMs) / 1000),
    lag: Math.round((entry.receivedAt.getTime() - entry.soldAt.getTime()) / 60_000),
    person: entry.personIndex ? mark('person', entry.personIndex) : '',
    mobile: entry.mobileIndex ? mark('mobile', entry.mobileIndex) : '',
    name: personal ? mark('name', personal.name) : '',
    birth: number ? mark('birth', number.slice(0, 14)) : null,
    sequence: number ? Number(number.slice(14, 17)) : null,
    oddArea: number !== undefined && homeArea(number.slice(0, 6)) === undefined,
    goods: createHash('sha256').update(entry.drugIds.join()).digest('base64url').slice(0, 11),
    drugs: entry.drugIds,
    fever: entry.fever,
    referred: entry.referred,
  }
}
