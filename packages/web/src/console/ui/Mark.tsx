import type { ReactNode } from 'react'

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'idle'

/** A state in a word; the colour only repeats what the word says. Contrast is AA in every tone. */
export function Mark({ tone = 'idle', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`mark ${tone}`}>{children}</span>
}
