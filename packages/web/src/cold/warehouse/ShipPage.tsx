/** @jsxImportSource preact */
import type { ColdHolder } from '@vigil/contract'
import { useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { LeavePage } from './LeavePage.tsx'
import { PartnerField } from './PartnerField.tsx'

/** Ships to another business, or sends goods back to one, by scanning. */
export default function ShipPage({ holder }: PageProps) {
  const [to, setTo] = useState<ColdHolder | null>(null)
  const [returned, setReturned] = useState(false)
  return (
    <LeavePage
      holder={holder}
      kind={returned ? 'return' : 'ship'}
      title={to ? t('发货给 {name}', { name: to.name }) : t('请先选收货方')}
      more={() => (to ? { toId: to.id } : null)}
      head={
        <section class="card">
          <PartnerField self={holder.id} value={to} onPick={setTo} />
          <label class="check">
            <input type="checkbox" checked={returned} onChange={(event) => setReturned(event.currentTarget.checked)} />
            {t('是退货')}
          </label>
        </section>
      }
    />
  )
}
