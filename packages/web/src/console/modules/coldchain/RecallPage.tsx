import { useParams } from '@tanstack/react-router'
import { t } from '../../../text.ts'
import { Page } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { RecallDetail } from './RecallPanel.tsx'

/** One recall: its grams at the call and now, holders and what they found, disposal, certificate. */
export function RecallPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  return (
    <Page
      title={t('冷链召回')}
      note={
        <ScopeLink to="/coldchain/recalls" className="link">
          {t('全部召回')}
        </ScopeLink>
      }
    >
      <RecallDetail id={id} />
    </Page>
  )
}
