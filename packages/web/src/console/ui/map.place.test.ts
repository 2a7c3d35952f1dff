import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crowded, namePlace } from './map.place.ts'

const rectangle = (x: number, y: number, width: number, height: number) => [
  [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
    [x, y],
  ],
]
const feature = (coordinates: unknown) => ({ geometry: { type: 'MultiPolygon', coordinates } }) as never
const size = fc.double({ min: 0.01, max: 5, noNaN: true })

test('a name stands in the middle of the largest part, wherever its islands lie', () => {
  fc.assert(
    fc.property(
      ...([fc.double({ min: 73, max: 135, noNaN: true }), fc.double({ min: 18, max: 53, noNaN: true })] as const),
      ...([size, size, fc.boolean()] as const),
      (x, y, width, height, islandFirst) => {
        const land = rectangle(x, y, width, height)
        const island = rectangle(x + 10, y, width / 2, height / 2)
        const [lon, lat] = namePlace(feature(islandFirst ? [island, land] : [land, island]))
        expect(lon).toBeCloseTo(x + width / 2, 3)
        expect(lat).toBeCloseTo(y + height / 2, 3)
      },
    ),
  )
})

test('names are crowded in pairs, whatever their order, and far ones are not', () => {
  const places: [number, number][] = [
    [118.1, 25.9],
    [118.57, 24.92],
    [118.6, 24.93],
    [118.9, 25.1],
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
      const found = crowded(order.map((at) => places[at]!))
      expect([...found].map((at) => order[at]).sort()).toEqual([1, 2])
    }),
  )
  expect(crowded([[118, 25]])).toEqual(new Set())
  // Alone, two neighbours would never be near each other.
  expect(crowded(places.slice(1, 3)).size).toBe(0)
  expect(crowded(places.slice(1, 3), places)).toEqual(new Set([0, 1]))
})
