import type { Detection, Point } from '../series/point.ts'

/** ESSENCE's verdicts: red p < 0.01, yellow p < 0.05, blue otherwise, grey not tested. */
export type Colour = 'red' | 'yellow' | 'blue' | 'grey'
/** Which method spoke, in the switch. */
export type Detector = 'regression' | 'ewma' | null

export interface EssencePoint extends Point {
  colour: Colour
  detector: Detector
}

export interface EssenceDetection extends Detection {
  readonly colour: Colour[]
  readonly detector: Detector[]
}

export function newEssence(detection: Detection): EssenceDetection {
  const n = detection.at.length
  return { ...detection, colour: new Array<Colour>(n).fill('grey'), detector: new Array<Detector>(n).fill(null) }
}

export function colour(p: number): Colour {
  if (Number.isNaN(p)) return 'grey'
  return p < 0.01 ? 'red' : p < 0.05 ? 'yellow' : 'blue'
}
