import type { Scanned } from './code.ts'

/** A box that may be scanned here: it is in stock, or on the way with the dispatch that is received. */
export interface Candidate {
  readonly uri: string
  readonly lotId: string
  readonly grams: number
  readonly pallet: string | null
}

/** A lot of which some may be weighed instead of scanned. */
export interface CandidateLot {
  readonly id: string
  readonly uri: string
  /** Most that may be weighed of it, in grams. */
  readonly grams: number
}

export interface Expected {
  readonly boxes: readonly Candidate[]
  readonly lots: readonly CandidateLot[]
}

/** What came of one scan: `many` boxes at once by their pallet; `weigh`: a lot, whose grams are to be given. */
export type Outcome = 'fine' | 'many' | 'twice' | 'surplus' | 'weigh' | 'mixed' | 'other'

/** A code that is not expected: known to be elsewhere or of another lot, or not known at all. */
export interface Stray {
  readonly text: string
  readonly code: Scanned
  readonly times: number
}

export interface Session {
  readonly expected: Expected
  /** Boxes in the order of scanning. */
  readonly scanned: readonly string[]
  /** Grams by lot, of what has no boxes. */
  readonly weighed: Readonly<Record<string, number>>
  /** How often boxes were scanned again. */
  readonly twice: Readonly<Record<string, number>>
  readonly strays: readonly Stray[]
  /** What the last scan was. */
  readonly last: { readonly outcome: Outcome; readonly text: string; readonly lotId: string | null } | null
}

export const begin = (expected: Expected): Session => ({
  ...{ expected, scanned: [], weighed: {}, twice: {}, strays: [], last: null },
})

const boxOf = ({ expected }: Session, uri: string) => expected.boxes.find((box) => box.uri === uri)

function stray(session: Session, text: string, code: Scanned): Session {
  const known = session.strays.find((each) => each.text === text)
  const strays = known
    ? session.strays.map((each) => (each === known ? { ...each, times: each.times + 1 } : each))
    : [...session.strays, { text, code, times: 1 }]
  const outcome = code.kind === 'box' || code.kind === 'lot' || code.kind === 'pallet' ? 'surplus' : 'other'
  return { ...session, strays, last: { outcome, text, lotId: null } }
}

function take(session: Session, text: string, boxes: readonly Candidate[]): Session {
  const fresh = boxes.filter(({ uri }) => session.scanned.indexOf(uri) < 0)
  const lotId = boxes[0]?.lotId ?? null
  if (fresh.some((box) => session.weighed[box.lotId] !== undefined))
    return { ...session, last: { outcome: 'mixed', text, lotId } }
  if (fresh.length === 0) {
    const twice = { ...session.twice }
    for (const { uri } of boxes) twice[uri] = (twice[uri] ?? 0) + 1
    return { ...session, twice, last: { outcome: 'twice', text, lotId } }
  }
  const scanned = [...session.scanned, ...fresh.map(({ uri }) => uri)]
  return { ...session, scanned, last: { outcome: boxes.length > 1 ? 'many' : 'fine', text, lotId } }
}

/** Takes a scanned code: a box that is expected, all boxes of a pallet, a lot to be weighed, or a stray. */
export function scan(session: Session, text: string, code: Scanned): Session {
  if (code.kind === 'box') {
    const box = boxOf(session, code.uri)
    return box ? take(session, text, [box]) : stray(session, text, code)
  }
  if (code.kind === 'pallet') {
    const on = session.expected.boxes.filter(({ pallet }) => pallet === code.uri)
    return on.length > 0 ? take(session, text, on) : stray(session, text, code)
  }
  if (code.kind !== 'lot') return stray(session, text, code)
  const lot = session.expected.lots.find(({ uri }) => uri === code.uri)
  if (!lot) return stray(session, text, code)
  const mixed = boxesIn(session, lot.id).length > 0
  return { ...session, last: { outcome: mixed ? 'mixed' : 'weigh', text, lotId: lot.id } }
}

/** Sets what was weighed of a lot, in grams; 0 takes it back. A lot of which boxes were scanned is not weighed. */
export function weigh(session: Session, lotId: string, grams: number): Session {
  if (grams > 0 && boxesIn(session, lotId).length > 0) return session
  const { [lotId]: _before, ...rest } = session.weighed
  return { ...session, weighed: grams > 0 ? { ...rest, [lotId]: Math.round(grams) } : rest, last: null }
}

/** Takes a box or a stray back. */
export const drop = (session: Session, text: string): Session => ({
  ...session,
  scanned: session.scanned.filter((uri) => uri !== text),
  strays: session.strays.filter((each) => each.text !== text),
  last: null,
})

/** Expected boxes of a lot that were scanned. */
export function boxesIn(session: Session, lotId: string): readonly Candidate[] {
  const seen = new Set(session.scanned)
  return session.expected.boxes.filter((box) => box.lotId === lotId && seen.has(box.uri))
}

/** Expected boxes that were not scanned. */
export function missingOf(session: Session): readonly Candidate[] {
  const seen = new Set(session.scanned)
  return session.expected.boxes.filter(({ uri }) => !seen.has(uri))
}

/** Grams of a lot in the session: of its scanned boxes, or as weighed. */
export const gramsIn = (session: Session, lotId: string): number =>
  session.weighed[lotId] ?? boxesIn(session, lotId).reduce((sum, { grams }) => sum + grams, 0)

/** Grams of everything in the session. */
export const totalOf = (session: Session): number =>
  session.expected.lots.reduce((sum, { id }) => sum + gramsIn(session, id), 0)
