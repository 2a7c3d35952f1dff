import type { AreaNode } from '@vigil/contract'
import { expect, test } from 'vitest'
import { indexAreas, lineage } from './areas.ts'

const node = (code: string, parent: string | null): AreaNode => ({
  code,
  parent,
  name: code,
  level: 'office',
  path: '/',
  lon: null,
  lat: null,
  standard: true,
})

test('the top of the own subtree is a root although its parent is not seen', () => {
  const index = indexAreas([node('350582', '350500'), node('350582001', '350582'), node('350582002', '350582')])
  expect(index.roots.map((root) => root.code)).toEqual(['350582'])
  expect(index.childrenOf.get('350582')?.map((child) => child.code)).toEqual(['350582001', '350582002'])
  expect(lineage(index, '350582002').map((area) => area.code)).toEqual(['350582', '350582002'])
  expect(lineage(index, '999999')).toEqual([])
})

test('what lies above the own grants is left out', () => {
  const at = (code: string, parent: string | null, path: string) => ({ ...node(code, parent), path })
  const all = [
    at('350000', null, '/350000/'),
    at('350500', '350000', '/350000/350500/'),
    at('350582', '350500', '/350000/350500/350582/'),
  ]
  const index = indexAreas(all, ['350500'])
  expect(index.roots.map((root) => root.code)).toEqual(['350500'])
  expect(lineage(index, '350582').map((area) => area.code)).toEqual(['350500', '350582'])
})

test('a circle in the data does not hang the page', () => {
  const index = indexAreas([node('350001', '350002'), node('350002', '350001')])
  expect(lineage(index, '350001').map((area) => area.code)).toEqual(['350002', '350001'])
})
