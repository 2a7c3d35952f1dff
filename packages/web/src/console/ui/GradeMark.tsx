import './grade.css'
import { t } from '../../text.ts'

export type Grade = 'blue' | 'yellow' | 'orange' | 'red'

/** Word, colour and how many of four bars are filled: the grade is read without colour, and in grey print. */
export const grades: Readonly<Record<Grade, { name: string; short: string; color: string; level: number }>> = {
  blue: { name: t('蓝色预警'), short: t('蓝'), color: '#1d5d91', level: 1 },
  yellow: { name: t('黄色预警'), short: t('黄'), color: '#8a6a00', level: 2 },
  orange: { name: t('橙色预警'), short: t('橙'), color: '#a8400c', level: 3 },
  red: { name: t('红色预警'), short: t('红'), color: '#b3261e', level: 4 },
}

/** The highest grade first; among equals the order stays. */
export const worstFirst = <T extends { readonly grade: Grade }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => grades[b.grade].level - grades[a.grade].level)

/** Grade of an alert: a word with four bars, of which as many are filled as the grade is high. */
export function GradeMark({ grade, long = false }: { readonly grade: Grade; readonly long?: boolean }) {
  const { name, short, level } = grades[grade]
  return (
    <span className={`grade ${grade}`}>
      <i className="grade-bars" aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <b key={bar} className={bar <= level ? 'on' : ''} />
        ))}
      </i>
      {long ? name : short}
    </span>
  )
}
