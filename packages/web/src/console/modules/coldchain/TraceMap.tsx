import type { TraceRows } from '@vigil/contract'
import { lazy, Suspense, useMemo } from 'react'
import { t } from '../../../text.ts'
import { useScope } from '../../kernel/scope.ts'
import type { MapUnit } from '../../ui/MapPlot.tsx'
import { EmptyState, Loading } from '../../ui/states.tsx'
import { useBoundary } from '../overview/CityMap.tsx'
import { weight } from './words.ts'

const MapPlot = lazy(() => import('../../ui/MapPlot.tsx'))

type Places = TraceRows['places']

// The tooltip of a map is HTML, and names are what people have typed.
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

/** What lies in each county, and who had to do with it there. */
function unitsOf(places: Places, nameOf: (code: string) => string | undefined): MapUnit[] {
  const counties = [...Map.groupBy(places, ({ countyCode }) => countyCode)]
  const sums = new Map(counties.map(([code, here]) => [code, here.reduce((sum, { grams }) => sum + grams, 0)]))
  const most = Math.max(1, ...sums.values())
  return counties.map(([code, here]) => {
    const grams = sums.get(code)!
    const [fill, text] =
      grams === 0 ? ['#d9e6f2', '#1b2625'] : grams / most > 0.5 ? ['#0b5f59', '#ffffff'] : ['#8fc0b7', '#1b2625']
    const name = nameOf(code) ?? here[0]!.areaName
    const lines = here.map((place) => `${place.name} ${place.grams > 0 ? weight(place.grams) : t('无库存')}`)
    return {
      ...{ code, name, lon: null, lat: null, fill: fill!, text: text! },
      value: grams === 0 ? t('经手') : weight(grams),
      tip: [name, ...lines].map(escaped).join('<br>'),
    }
  })
}

/** The counties that a trace touches, on the map of the city that most of them are in. */
export function TraceMap({ trace }: { readonly trace: { readonly places: Places } }) {
  const { areas } = useScope()
  const cities = [...Map.groupBy(trace.places, ({ countyCode }) => countyCode.slice(0, 4))]
  const [city] = cities.sort(([, a], [, b]) => b.length - a.length)[0] ?? []
  const boundary = useBoundary(city && `/${city.slice(0, 2)}0000/${city}00/`)
  const units = useMemo(() => unitsOf(trace.places, (code) => areas.byCode.get(code)?.name), [trace.places, areas])
  if (!city || boundary.data === null) return <EmptyState text={t('没有这个城市的地图，地点见下方“经手单位”。')} />
  if (!boundary.data) return <Loading />
  return (
    <Suspense fallback={<Loading />}>
      <MapPlot
        boundary={boundary.data}
        units={units}
        label={t('{count} 个县（市、区）有库存或经手，内容见下方“经手单位”', { count: units.length })}
      />
    </Suspense>
  )
}
