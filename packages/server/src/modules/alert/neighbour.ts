import { findBoundary } from '@vigil/codes/boundary'
import type { Reference } from '../pharmacy/index.ts'
import { touching } from './neighbour.domain.ts'

/** Tells which counties of this installation touch; asks the areas anew when there are more or fewer of them. */
export function createNeighbours(
  reference: Pick<Reference, 'areas'>,
): () => Promise<(a: string, b: string) => boolean> {
  let known: { count: number; touches: Promise<(a: string, b: string) => boolean> } | undefined
  return () => {
    const areas = [...reference.areas()]
    if (known?.count === areas.length) return known.touches
    const load = async () => {
      const cities = areas.filter(({ level }) => level === 'city')
      const boundaries = await Promise.all(cities.map(({ code }) => findBoundary(code)))
      const outlines = Object.assign({}, ...boundaries.map((boundary) => boundary?.neighbours ?? {}))
      return touching(
        areas.filter(({ level }) => level === 'county'),
        outlines,
      )
    }
    known = { count: areas.length, touches: load() }
    return known.touches
  }
}
