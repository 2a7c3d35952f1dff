const format = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
})

/** An instant as month-day hour:minute in Asia/Shanghai, such as 03-14 14:05. */
export function dayTime(instant: string): string {
  const parts = Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]))
  return `${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`
}
