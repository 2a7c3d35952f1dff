import { t } from '../../../text.ts'

const browsers = [
  [/MicroMessenger/, t('微信')],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const

const systems = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const

const first = (known: readonly (readonly [RegExp, string])[], agent: string) =>
  known.find(([pattern]) => pattern.test(agent))?.[1]

/** Name of a device or sign-in for people: browser, system and address out of what a browser says of itself. */
export function deviceName(name: string): string {
  const [, ip, agent = ''] = /^浏览器 (\S+) (.*)$/.exec(name) ?? []
  if (ip === undefined) return name
  return [first(browsers, agent) ?? t('浏览器'), first(systems, agent), ip].filter(Boolean).join(' · ')
}
