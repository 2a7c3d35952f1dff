/** @jsxImportSource preact */

interface ChooseProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly problem?: string
  /** Shown while nothing is chosen. */
  readonly empty?: string
  readonly onPick: (value: string) => void
}

/** A labelled choice of one with its message. */
export function Choose({ id, label, value, options, problem = '', empty, onPick }: ChooseProps) {
  const wrong = problem !== ''
  return (
    <div class={wrong ? 'field wrong' : 'field'}>
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-invalid={wrong}
        aria-describedby={`${id}-problem`}
        onChange={(event) => onPick(event.currentTarget.value)}
      >
        {empty !== undefined && (
          <option value="" disabled>
            {empty}
          </option>
        )}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <p class="problem" id={`${id}-problem`} role="alert">
        {problem}
      </p>
    </div>
  )
}
