/** Keys of a scanner that types: what has come so far, and when the last one did. */
export interface Wedge {
  readonly text: string
  readonly at: number
}

export interface Key {
  /** `KeyboardEvent.key`. */
  readonly key: string
  readonly ctrl: boolean
  /** Milliseconds. */
  readonly at: number
}

export const idle: Wedge = { text: '', at: 0 }

/** Nobody types as fast: milliseconds between two keys of a scanner at most. */
export const fastest = 70
const shortest = 4

/** Modifier keys come between the characters of a scanner, too. */
const silent = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'CapsLock', 'Meta'])

/** The character behind a key: GS (0x1D) is sent by scanners as itself or as Ctrl+]. */
function characterOf({ key, ctrl }: Key): string | null {
  if (key === '\u001d' || (ctrl && key === ']')) return '\u001d'
  return key.length === 1 && !ctrl ? key : null
}

/**
 * Takes a key: fast ones that end with Enter or Tab are a scan, what a person types is not.
 * @returns what has come so far, and the text of a scan when this key ended one
 */
export function press(wedge: Wedge, key: Key): { readonly wedge: Wedge; readonly scan: string | null } {
  if (silent.has(key.key)) return { wedge, scan: null }
  const follows = wedge.text !== '' && key.at - wedge.at <= fastest && key.at >= wedge.at
  if (key.key === 'Enter' || key.key === 'Tab')
    return { wedge: idle, scan: follows && wedge.text.length >= shortest ? wedge.text : null }
  const character = characterOf(key)
  if (character === null) return { wedge: idle, scan: null }
  return { wedge: { text: follows ? wedge.text + character : character, at: key.at }, scan: null }
}
