import { useCallback, useEffect, useState } from 'preact/hooks'
import { messageOf } from '../session.ts'

export interface Fetched<T> {
  readonly data: T | null
  readonly problem: string
  /** Fetches it anew. */
  readonly again: () => void
}

/** What a call answers, its failure in words, and a way to ask once more. @param load stable while nothing changes */
export function useCall<T>(load: () => Promise<T>): Fetched<T> {
  const [data, setData] = useState<T | null>(null)
  const [problem, setProblem] = useState('')
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new try asks again
  useEffect(() => {
    let gone = false
    load().then(
      (answer) => {
        if (gone) return
        setData(answer)
        setProblem('')
      },
      (error) => gone || setProblem(messageOf(error)),
    )
    return () => {
      gone = true
    }
  }, [load, tries])
  return { data, problem, again: useCallback(() => setTries((n) => n + 1), []) }
}
