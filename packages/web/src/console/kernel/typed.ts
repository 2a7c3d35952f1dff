import { useState } from 'react'

/**
 * Text of a search field whose search is sent on Enter: what is typed, until the address bar asks for something else (a
 * saved view, Back, a link in the menu).
 */
export function useTyped(asked: string | undefined): readonly [string, (text: string) => void] {
  const [field, setField] = useState({ asked, text: asked ?? '' })
  if (field.asked !== asked) setField({ asked, text: asked ?? '' })
  return [field.text, (text) => setField({ asked, text })]
}
