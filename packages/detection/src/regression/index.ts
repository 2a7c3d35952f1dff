export {
  type EssenceRegressionOptions,
  essenceRegression,
  essenceRegressionOnline,
  type RegressionDetection,
  type RegressionPoint,
} from './regression.ts'
export { essenceSwitch, essenceSwitchOnline, type SwitchState } from './switch.ts'
