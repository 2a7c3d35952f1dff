import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** Below this width, in px, a table that would have to scroll sideways is shown as cards. */
const cardsBelow = 760

/**
 * Tells whether the element is too narrow for a table of `minWidth` px. Wide screens keep the table and scroll it: there
 * columns are compared, on a phone rows are read.
 */
export function useNarrow(minWidth: number): { place: RefObject<HTMLDivElement | null>; narrow: boolean } {
  const place = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState<number>()
  useLayoutEffect(() => {
    const element = place.current
    if (!element) return
    setWidth(element.clientWidth)
    const watch = new ResizeObserver(() => setWidth(element.clientWidth))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return { place, narrow: width !== undefined && width < minWidth && width < cardsBelow }
}
