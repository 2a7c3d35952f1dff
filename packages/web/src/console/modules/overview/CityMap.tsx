import { useQuery } from '@tanstack/react-query'
import type { Overview } from '@vigil/contract'
import { Segmented } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { t } from '../../../text.ts'
import { useSetSearch } from '../../kernel/scope.ts'
import type { Grade } from '../../ui/GradeMark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { Loading } from '../../ui/states.tsx'
import { mapUnits, type Shade, shades } from './shade.ts'

const MapPlot = lazy(() => import('../../ui/MapPlot.tsx'))

/**
 * Outlines of the counties of the city in which an area lies.
 * @param path the area's path, `/province/city/county/…/`
 */
export function useBoundary(path: string | undefined) {
  const [, , city = '', county] = path?.split('/') ?? []
  return useQuery({
    queryKey: ['boundary', city, county ?? ''],
    enabled: city !== '',
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const { findBoundary } = await import('@vigil/codes/boundary')
      const boundary = await findBoundary(city)
      if (!boundary || !county) return boundary ?? null
      const features = boundary.features.filter(({ id }) => id === county)
      // A development zone has no outline of its own: there is nothing to draw its offices on.
      return features.length ? { ...boundary, source: `${boundary.source}/${county}`, features } : null
    },
  })
}

/** The units one level down on the map, shaded by rate, by change or by alert; a click goes there. */
export function CityMap({
  path,
  ranking,
  grades,
  days,
}: {
  readonly path: string | undefined
  readonly ranking: Overview['ranking']
  readonly grades: ReadonlyMap<string, Grade | null>
  readonly days: number
}) {
  const setSearch = useSetSearch()
  const [shade, setShade] = useState<Shade>('rate')
  const boundary = useBoundary(path)
  const units = useMemo(
    () =>
      mapUnits(
        ranking.map((row) => ({ ...row, grade: grades.get(row.code) })),
        shade,
        days,
      ),
    [ranking, grades, shade, days],
  )
  if (boundary.data === null || ranking.length === 0) return null
  return (
    <Panel
      title={t('辖区地图')}
      extra={
        <Segmented<Shade>
          aria-label={t('地图着色')}
          value={shade}
          onChange={setShade}
          options={Object.entries(shades).map(([value, label]) => ({ value: value as Shade, label }))}
        />
      }
    >
      {boundary.data ? (
        <Suspense fallback={<Loading />}>
          <MapPlot
            boundary={boundary.data}
            units={units}
            label={t('{count} 个下级单位的{shade}，数字见下方排行', { count: units.length, shade: shades[shade] })}
            onPick={(code) => {
              const row = ranking.find((unit) => unit.code === code)
              if (row) setSearch(row.kind === 'store' ? { store: code } : { area: code, store: undefined })
            }}
          />
        </Suspense>
      ) : (
        <Loading />
      )}
    </Panel>
  )
}
