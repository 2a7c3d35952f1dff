import { useEffect, useRef, useState } from 'preact/hooks'
import { recall, remember } from '../kept.ts'
import { begin, type Expected, type Session } from '../scan/session.ts'

type Marks = Omit<Session, 'expected'>
const { expected: _none, ...empty } = begin({ boxes: [], lots: [] })

/** What is no longer expected was dealt with elsewhere. */
function within({ scanned, weighed, ...rest }: Marks, expected: Expected): Session {
  const codes = new Set(expected.boxes.map(({ uri }) => uri))
  const lots = Object.entries(weighed).filter(([id]) => expected.lots.some((lot) => lot.id === id))
  return { ...rest, expected, scanned: scanned.filter((uri) => codes.has(uri)), weighed: Object.fromEntries(lots) }
}

/**
 * A scanning session that outlives the page: a phone drops pages from memory.
 * @param key of what is scanned for, on this device
 */
export function useSession(key: string, expected: Expected) {
  const [marks, setMarks] = useState<Marks>(empty)
  const current = useRef(marks)
  useEffect(() => {
    let gone = false
    void recall<Marks>(`scan ${key}`).then((kept) => {
      if (gone || !kept || current.current !== empty) return
      current.current = { ...kept, last: null }
      setMarks(current.current)
    })
    return () => {
      gone = true
    }
  }, [key])
  const session = within(marks, expected)
  /** Scans come faster than the page is drawn: each change sees what the one before left. */
  const change = (make: (session: Session) => Session): Session => {
    const next = make(within(current.current, expected))
    const { expected: _expected, ...kept } = next
    current.current = kept
    setMarks(kept)
    void remember(`scan ${key}`, kept)
    return next
  }
  const clear = () => {
    current.current = empty
    setMarks(empty)
    void remember(`scan ${key}`, undefined)
  }
  return { session, change, clear }
}
