import type { City } from './city.ts'
import { jincheng } from './jincheng.ts'
import { linfen } from './linfen.ts'
import { quanzhou } from './quanzhou.ts'
import { zhuzhou } from './zhuzhou.ts'

export type { City, CityCounty } from './city.ts'

/** The cities that a demonstration can be started with. */
export const demoCities: readonly City[] = [quanzhou, zhuzhou, jincheng, linfen]
