/** @jsxImportSource preact */
import type { ColdCertificate } from '@vigil/contract'
import { renderSVG } from 'uqr'
import { Sheet } from '../../device/Sheet.tsx'
import { t } from '../../text.ts'

/** The code of a certificate on the screen, to be scanned by whoever takes the goods. */
export function QrSheet({ paper, onClose }: { paper: ColdCertificate; onClose: () => void }) {
  const address = `${location.origin}/z/${paper.token}`
  const picture = `data:image/svg+xml,${encodeURIComponent(renderSVG(address, { border: 2 }))}`
  return (
    <Sheet title={t('出仓证明二维码')} onClose={onClose}>
      <img class="qr" src={picture} alt={t('出仓证明 {number} 的二维码', { number: paper.number })} />
      <p class="center">
        <strong>{paper.number}</strong>
      </p>
      <p class="center">
        <a href={address} target="_blank" rel="noreferrer">
          {t('打开查验页')}
        </a>
      </p>
    </Sheet>
  )
}
