/** @jsxImportSource preact */
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { LeavePage } from './LeavePage.tsx'

/** Sells by scanning. */
export default function SellPage({ holder }: PageProps) {
  return <LeavePage holder={holder} kind="sell" title={t('登记销售')} more={() => ({})} />
}
