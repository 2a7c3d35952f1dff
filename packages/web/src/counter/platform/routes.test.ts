import { contract } from '@vigil/contract'
import { expect, test } from 'vitest'
import { counterRoutes } from './routes.ts'

test('the stripped routes say what the contract says', () => {
  for (const [name, route] of Object.entries(counterRoutes)) {
    const full = contract[name as keyof typeof counterRoutes]
    expect({ name, ...route }).toEqual({ name, method: full.method, path: full.path })
  }
})
