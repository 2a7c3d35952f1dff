/** @jsxImportSource preact */

import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import type { Key } from '../core/keypad.ts'

const digits: readonly Key[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/** The counter's own keypad: large keys at the bottom of the screen, X or the decimal point in the corner. */
export function Keypad(props: { corner: 'X' | '.' | null; onKey: (key: Key) => void; label: string }) {
  const key = (value: Key) => (
    <button key={value} type="button" class="key" onClick={() => props.onKey(value)}>
      {value}
    </button>
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw the keys as form fields of their own
    <div class="keypad" role="group" aria-label={props.label}>
      {digits.map(key)}
      {props.corner ? key(props.corner) : <span />}
      {key('0')}
      <button type="button" class="key" aria-label={t('退格')} onClick={() => props.onKey('back')}>
        <Icon name="delete" size={28} />
      </button>
    </div>
  )
}
