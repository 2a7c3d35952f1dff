/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import * as state from '../app/state.ts'
import type { Field as FieldName } from '../core/field.ts'

/** Id of the element that takes the focus for a place of the form. */
export const fieldId = (field: FieldName): string => `f-${field.replace('.', '-')}`

/** Message at a place of the form, read out when it appears. */
export function Problem({ field }: { field: FieldName }) {
  const message = state.problemAt(field)
  return (
    <p class="problem" id={`${fieldId(field)}-problem`} role="alert">
      {message}
    </p>
  )
}

interface TextFieldProps {
  readonly field: FieldName
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  readonly hint?: string
  readonly type?: 'text' | 'tel'
  readonly mode?: 'text' | 'numeric' | 'tel'
  readonly maxLength: number
  readonly placeholder?: string
  readonly autoCapitalize?: 'characters' | 'off'
  readonly onEnter?: () => void
}

/** A labelled line of text with its message. */
export function TextField(props: TextFieldProps) {
  const { field, label, value, hint } = props
  const id = fieldId(field)
  const message = state.problemAt(field)
  const common = {
    id,
    inputMode: props.mode ?? 'text',
    value,
    maxLength: props.maxLength,
    placeholder: props.placeholder ?? '',
    autocomplete: 'off',
    autocapitalize: props.autoCapitalize ?? 'off',
    spellcheck: false,
    'aria-invalid': message !== '',
    'aria-describedby': `${id}-problem`,
    onInput: (event: { currentTarget: HTMLInputElement }) => props.onInput(event.currentTarget.value),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || event.isComposing) return
      event.preventDefault()
      props.onEnter?.()
    },
  } as const
  return (
    <div class={message === '' ? 'field' : 'field wrong'}>
      <label for={id}>
        {label}
        {hint && <span class="hint">{hint}</span>}
      </label>
      {props.type === 'tel' ? <input type="tel" {...common} /> : <input type="text" {...common} />}
      <Problem field={field} />
    </div>
  )
}

/** A toggle that looks like a chip; one of several. */
export function Chip(props: { on: boolean; onPress: () => void; children: ComponentChildren; id?: string }) {
  return (
    <button
      id={props.id}
      type="button"
      class={props.on ? 'chip on' : 'chip'}
      aria-pressed={props.on}
      onClick={props.onPress}
    >
      {props.children}
    </button>
  )
}
