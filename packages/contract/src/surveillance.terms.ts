/** Closed lists of the watch over demand, with their Chinese names. */
export const signalGrades = ['blue', 'yellow', 'orange', 'red'] as const
export const signalGradeNames = { blue: '蓝色', yellow: '黄色', orange: '橙色', red: '红色' } as const
export const unitLevels = ['county', 'office', 'store'] as const
export const unitLevelNames = { county: '区县', office: '监管所', store: '药店' } as const
export const detectorNames = {
  daily: '日销量模型',
  'ears-c2': 'EARS C2',
  'farrington-flexible': 'Farrington（按周合计）',
  cusum: '累积和 CUSUM',
} as const
export const detectors = ['daily', 'ears-c2', 'farrington-flexible', 'cusum'] as const
/** Places whose series is shown: a city's is the sum of its counties'. */
export const placeLevels = ['city', ...unitLevels] as const
/** A class of drugs, or all four together. */
export const watchedClasses = ['antipyretic', 'cough', 'antibiotic', 'antiviral', 'all'] as const
export const watchedClassNames = {
  antipyretic: '退热',
  cough: '止咳',
  antibiotic: '抗生素',
  antiviral: '抗病毒',
  all: '四类合计',
} as const
/** Why a day has no verdict. */
export const untestedReasons = ['too-short', 'missing', 'too-early', 'closed', 'no-fit'] as const
export const studyStates = ['waiting', 'running', 'done', 'failed'] as const
