import Type, { type Static } from 'typebox'
import { AreaCode, Choice, Count, DayText, Instant, Nullable, object, text } from './kernel.ts'
import { DrugClass } from './pharmacy-store.ts'

const Figures = object({ purchases: Count, buyers: Count, units: Count, fever: Count })
export type Figures = Static<typeof Figures>

export const Overview = object({
  area: object({ code: AreaCode, name: text(100), level: text(20) }),
  from: DayText,
  to: DayText,
  figures: Figures,
  /** Figures of the days that are over, and of the same days one week before: what may be compared. Zeros on the first day. */
  compared: Figures,
  previous: Figures,
  stores: object({ total: Count, reporting: Count }),
  curve: Type.Array(
    object({ day: DayText, class: DrugClass, purchases: Count, buyers: Count, units: Count, fever: Count }),
  ),
  /** One level down: counties of a city, offices of a county, stores of an office. */
  ranking: Type.Array(
    object({
      kind: Choice(['area', 'store']),
      code: text(24),
      name: text(120),
      lon: Nullable(Type.Number()),
      lat: Nullable(Type.Number()),
      purchases: Count,
      buyers: Count,
      fever: Count,
      /** Purchases of the days that are over, and of the same days one week before. */
      compared: Count,
      previous: Count,
      stores: Count,
      reporting: Count,
    }),
  ),
  asOf: Instant,
})
export type Overview = Static<typeof Overview>
