/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'

interface LineProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  /** What is wrong with it; '' when nothing is. */
  readonly problem?: string
  readonly hint?: string
  readonly type?: 'text' | 'password' | 'tel' | 'date'
  readonly mode?: 'text' | 'numeric' | 'decimal' | 'tel'
  readonly maxLength?: number
  readonly placeholder?: string
  readonly autoComplete?: string
  readonly min?: string
  readonly max?: string
  readonly suffix?: ComponentChildren
}

/** A labelled line of text with its message. */
export function Line({
  id,
  label,
  value,
  onInput,
  problem = '',
  hint,
  type = 'text',
  mode,
  suffix,
  ...rest
}: LineProps) {
  const wrong = problem !== ''
  return (
    <div class={wrong ? 'field wrong' : 'field'}>
      <label for={id}>
        {label}
        {hint && <span class="hint">{hint}</span>}
      </label>
      <div class="with-suffix">
        <input
          id={id}
          {...({ type } as { type: 'text' })}
          value={value}
          inputMode={mode ?? 'text'}
          maxLength={rest.maxLength ?? 200}
          placeholder={rest.placeholder ?? ''}
          autocomplete={rest.autoComplete ?? 'off'}
          autocapitalize="off"
          spellcheck={false}
          min={rest.min}
          max={rest.max}
          aria-invalid={wrong}
          aria-describedby={`${id}-problem`}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        {suffix !== undefined && <span class="suffix">{suffix}</span>}
      </div>
      <p class="problem" id={`${id}-problem`} role="alert">
        {problem}
      </p>
    </div>
  )
}
