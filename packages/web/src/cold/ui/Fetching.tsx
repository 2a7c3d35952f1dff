/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import { t } from '../../text.ts'
import type { Fetched } from '../desk/useCall.ts'

/** The states of what is fetched: on the way, failed, or there. */
export function Fetching<T>({ of, children }: { of: Fetched<T>; children: (data: T) => ComponentChildren }) {
  return (
    <>
      {of.problem !== '' && (
        <p class="note warn" role="alert">
          {of.problem}{' '}
          <button type="button" class="link" onClick={of.again}>
            {t('重试')}
          </button>
        </p>
      )}
      {of.data === null ? of.problem === '' && <p class="loading">{t('正在载入…')}</p> : children(of.data)}
    </>
  )
}
