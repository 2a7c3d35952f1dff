import type { Boundary } from '@vigil/codes/boundary'
import { MapChart, ScatterChart } from 'echarts/charts'
import { GeoComponent, TooltipComponent } from 'echarts/components'
import { init, registerMap, use } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { crowded, namePlace } from './map.place.ts'
import { ink } from './theme.ts'

use([MapChart, ScatterChart, GeoComponent, TooltipComponent, LabelLayout, SVGRenderer])

/** A unit on the map: its colour, and the words that say the same. */
export interface MapUnit {
  readonly code: string
  readonly name: string
  readonly lon: number | null
  readonly lat: number | null
  readonly fill: string
  /** Colour of the text on the fill. */
  readonly text: string
  /** Short value under the name. */
  readonly value: string
  readonly tip: string
}

/** Mean latitude decides how wide a degree of longitude is drawn. */
const aspectOf = (boundary: Boundary): number => {
  const [, lat = 25] = ((boundary.features[0]?.geometry.coordinates ?? []) as number[][]).flat(3)
  return Math.cos((lat * Math.PI) / 180)
}

function optionOf(boundary: Boundary, units: readonly MapUnit[]) {
  const outlined = new Set(boundary.features.map(({ id }) => id))
  const byCode = new Map(units.map((unit) => [unit.code, unit]))
  const label = (unit: MapUnit | undefined) =>
    unit ? `${unit.name.replace(/市场监督管理所$/u, '')}\n${unit.value}` : ''
  const inside = boundary.features.flatMap((feature) => {
    const unit = byCode.get(feature.id)
    return unit ? [{ unit, at: namePlace(feature), inside: true }] : []
  })
  const zones = units.flatMap((unit) =>
    outlined.size > 1 && !outlined.has(unit.code) && unit.lon !== null && unit.lat !== null
      ? [{ unit, at: [unit.lon, unit.lat] as const, inside: false, aside: true }]
      : [],
  )
  // A zone lies within its neighbours' names.
  const tight = crowded(
    inside.map(({ at }) => at),
    boundary.features.map(namePlace),
  )
  const all = [...inside.map((name, index) => ({ ...name, aside: tight.has(index) })), ...zones]
  const names = all.sort((a, b) => Number(a.aside) - Number(b.aside) || b.at[1] - a.at[1])
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit' },
    tooltip: {
      textStyle: { color: ink.text },
      formatter: (point: unknown) => {
        const { name, data } = point as { name: string; data?: { code?: string } }
        return byCode.get(data?.code ?? name)?.tip ?? ''
      },
    },
    geo: {
      map: boundary.source,
      nameProperty: 'code',
      aspectScale: aspectOf(boundary),
      // Fitted within the smaller side: given four margins, it would be stretched to them.
      layoutCenter: ['50%', '50%'],
      layoutSize: '96%',
      itemStyle: { areaColor: '#eef2f1', borderColor: '#ffffff', borderWidth: 1.5 },
      emphasis: { itemStyle: { areaColor: '#d5e8e4' }, label: { show: false } },
      tooltip: { show: true },
      regions: units
        .filter(({ code }) => outlined.has(code))
        .map(({ code, fill }) => ({
          name: code,
          itemStyle: { areaColor: fill },
          emphasis: { itemStyle: { areaColor: fill, borderColor: ink.brandDeep, borderWidth: 2 } },
        })),
    },
    series: [
      {
        type: 'scatter' as const,
        coordinateSystem: 'geo' as const,
        symbol: 'circle',
        data: units
          .filter(({ code, lon, lat }) => !outlined.has(code) && lon !== null && lat !== null)
          .map((unit) => ({
            name: unit.name,
            code: unit.code,
            value: [unit.lon, unit.lat],
            itemStyle: { color: unit.fill, borderColor: ink.brandDeep, borderWidth: 1 },
          })),
        symbolSize: units.length > 60 ? 8 : 14,
        label: {
          // Among outlined counties a zone's name stands with theirs, below.
          show: outlined.size === 1 && units.length <= 40,
          position: 'right' as const,
          fontSize: 11,
          color: ink.text,
          textBorderColor: '#ffffff',
          textBorderWidth: 2,
          formatter: ({ data }: { data: unknown }) => label(byCode.get((data as { code: string }).code)),
        },
        labelLayout: { hideOverlap: true },
        emphasis: { label: { show: true } },
      },
      {
        // Names are no labels of the outlines, because those do not give way to each other.
        type: 'scatter' as const,
        coordinateSystem: 'geo' as const,
        silent: true,
        symbolSize: 1,
        itemStyle: { color: 'transparent' },
        data: names.map(({ unit, at, inside, aside }) => ({
          code: unit.code,
          value: at,
          label: inside && !aside ? { color: unit.text, textBorderColor: unit.fill } : {},
          labelLine: { show: aside },
        })),
        label: {
          show: true,
          position: 'inside' as const,
          fontSize: 11,
          color: ink.text,
          textBorderColor: '#ffffff',
          textBorderWidth: 2,
          formatter: ({ data }: { data: unknown }) => label(byCode.get((data as { code: string }).code)),
        },
        labelLine: { lineStyle: { color: ink.muted } },
        // Where names would lie over each other they stand at the side, north first.
        labelLayout: ({ dataIndex }: { dataIndex?: number }) =>
          names[dataIndex ?? 0]?.aside
            ? {
                x: '99%',
                y: `${64 + 9 * (dataIndex! - names.findIndex((name) => name.aside))}%`,
                align: 'right' as const,
              }
            : {},
      },
    ],
  }
}

/** The map itself; loaded when a map is first shown. */
export default function MapPlot({
  boundary,
  units,
  label,
  onPick,
}: {
  readonly boundary: Boundary
  readonly units: readonly MapUnit[]
  readonly label: string
  readonly onPick?: (code: string) => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init>>(undefined)
  const pick = useRef(onPick)
  pick.current = onPick
  useEffect(() => {
    if (!place.current) return
    const drawn = init(place.current, undefined, { renderer: 'svg' })
    chart.current = drawn
    drawn.on('click', (point) => {
      const { name, data } = point as { name: string; data?: { code?: string } }
      pick.current?.(data?.code ?? name)
    })
    const watch = new ResizeObserver(() => drawn.resize())
    watch.observe(place.current)
    return () => {
      watch.disconnect()
      drawn.dispose()
    }
  }, [])
  useEffect(() => {
    registerMap(boundary.source, boundary as never)
    chart.current?.setOption(optionOf(boundary, units), { notMerge: true })
  }, [boundary, units])
  return <div ref={place} className="plot map" role="img" aria-label={label} />
}
