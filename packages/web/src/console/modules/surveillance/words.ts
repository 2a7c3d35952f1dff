import type { Backtest, Detector, Rule, RuleSettings, UnitLevel, WatchedClass } from '@vigil/contract'
import { t } from '../../../text.ts'
import type { Tone } from '../../ui/Mark.tsx'

export const detectorNames: Readonly<Record<Detector, string>> = {
  daily: t('日销量模型'),
  'ears-c2': t('EARS C2'),
  'farrington-flexible': t('Farrington（按周合计）'),
  cusum: t('累积和 CUSUM'),
}
/** What a person who is no statistician should know of each. */
export const detectorNotes: Readonly<Record<Detector, string>> = {
  daily: t('从各单位自己的历史学习星期、节假日、季节和趋势，适合每日销量，推荐使用。'),
  'ears-c2': t('与前几周的平均值相比，简单直观，不识别星期和节假日。'),
  'farrington-flexible': t('与往年同期各周相比，至少需要一年以上的历史。'),
  cusum: t('把每天的小幅偏高累加起来，对缓慢上升敏感。'),
}
export const levelNames: Readonly<Record<UnitLevel, string>> = {
  county: t('区县'),
  office: t('监管所'),
  store: t('药店'),
}
export const classNames: Readonly<Record<WatchedClass, string>> = {
  antipyretic: t('退热'),
  cough: t('止咳'),
  antibiotic: t('抗生素'),
  antiviral: t('抗病毒'),
  all: t('四类合计'),
}

export const percent = (share: number | null, digits = 1): string =>
  share === null ? '—' : `${(share * 100).toFixed(digits)}%`
export const decimal = (value: number | null, digits = 1): string => (value === null ? '—' : value.toFixed(digits))

const studyNames: Readonly<Record<Backtest['state'], { name: string; tone: Tone }>> = {
  waiting: { name: t('等待中'), tone: 'idle' },
  running: { name: t('计算中'), tone: 'info' },
  done: { name: t('已完成'), tone: 'good' },
  failed: { name: t('未完成'), tone: 'bad' },
}
export const studyState = (state: Backtest['state']) => studyNames[state]

/** Whether a study still moves, so that it is asked for again. */
export const moves = (state: Backtest['state'] | undefined): boolean => state === 'waiting' || state === 'running'

/** What a rule watches, in a phrase. */
export const coverage = ({ levels, classes }: RuleSettings): string =>
  t('{levels} · {classes}', {
    levels: levels.map((level) => levelNames[level]).join('、'),
    classes: classes.length === 5 ? t('四类及合计') : classes.map((name) => classNames[name]).join('、'),
  })

/** Days of history from which a rule about sudden rises is no longer worth its false alerts (docs/study-city.md). */
const youngDays = 180

/**
 * What an installation should know of a rule for sudden rises that it began with before that rule was measured; undefined when
 * there is nothing to say, as of a rule that somebody has revised or paused.
 */
export function adviceOf({ activeVersion, current }: Rule): string | undefined {
  const { detector, parameters, levels, maxAgeDays } = current.settings
  const { windows } = parameters
  const sudden = detector === 'daily' && levels.join() === 'county' && windows && Math.max(...windows) <= 3
  if (activeVersion !== 1 || !sudden || maxAgeDays !== undefined) return undefined
  return t('建议修改：登记满 {days} 天的区县，此规则只增加误报、不多发现。可在“适用历史天数”填 {days}。', {
    days: youngDays,
  })
}
