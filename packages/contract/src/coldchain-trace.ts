import Type, { type Static } from 'typebox'
import { coldHolderKinds } from './coldchain.terms.ts'
import { ColdLot } from './coldchain-model.ts'
import { AreaCode, Choice, Count, object, text, Uuid } from './kernel.ts'

const mostLots = 2000
const mostRows = 10_000
/** Each row names at most two holders. */
const mostPlaces = mostLots + 3 * mostRows

const Lot = Type.Integer({ minimum: 0, maximum: mostLots - 1 })
const Place = Type.Integer({ minimum: 0, maximum: mostPlaces - 1 })
const column = <T extends Type.TSchema>(of: T) => Type.Array(of, { maxItems: mostRows })

/**
 * What came into what: lots and the grams between them. Tables are columns of the same length, and lots and places in them are
 * positions in `lots` and `places`: ten thousand steps as objects with names took longer to write than to find. `openTrace` makes rows
 * of them.
 */
export const ColdTrace = object({
  start: Uuid,
  lots: Type.Array(ColdLot, { maxItems: mostLots }),
  /** Who has or had to do with it, and where that is. */
  places: Type.Array(
    object({
      id: Uuid,
      name: text(200),
      kind: Choice(coldHolderKinds),
      areaCode: AreaCode,
      areaName: text(100),
      countyCode: AreaCode,
      /** On hand of all lots of the trace. */
      grams: Count,
    }),
    { maxItems: mostPlaces },
  ),
  /** What was made of what. */
  flows: object({ from: column(Lot), to: column(Lot), grams: column(Count) }),
  /** On hand of each lot at each holder, most grams first. */
  stock: object({ lot: column(Lot), place: column(Place), grams: column(Count) }),
  /** What was sent, oldest first; sent at in milliseconds since 1970. */
  ways: object({
    lot: column(Lot),
    from: column(Place),
    to: column(Place),
    grams: column(Count),
    sentAt: column(Count),
    received: column(Type.Boolean()),
  }),
  /** More than are shown. */
  cut: Type.Boolean(),
})
export type ColdTrace = Static<typeof ColdTrace>
