import { t } from '../../../text.ts'
import './compliance.css'
import { type Grade, gradeName } from './words.ts'

/** A grade in its colour; the word says it without the colour. */
export function GradeMark({ grade }: { readonly grade: Grade | null }) {
  return <span className={`conduct-grade ${grade ?? 'none'}`}>{gradeName(grade)}</span>
}

/** A score of 100 as a number over a bar. */
export function Score({ score, grade }: { readonly score: number; readonly grade: Grade | null }) {
  return (
    <span className="conduct-score">
      <span className="conduct-score-number">{score}</span>
      <meter
        className={`conduct-score-bar ${grade ?? 'none'}`}
        min={0}
        max={100}
        value={score}
        aria-label={t('规范分')}
      >
        {score}
      </meter>
    </span>
  )
}
