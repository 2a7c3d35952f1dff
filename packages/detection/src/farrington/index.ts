export {
  type FarringtonDetection,
  type FarringtonOnline,
  type FarringtonState,
  farrington,
  farringtonFlexible,
  farringtonFlexibleOnline,
  farringtonOnline,
  type OnlineFlexibleOptions,
} from './detect.ts'
export type { FarringtonPoint } from './flexible.ts'
export type { FarringtonOptions, FlexibleOptions } from './options.ts'
