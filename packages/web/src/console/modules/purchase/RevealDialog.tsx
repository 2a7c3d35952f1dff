import type { PurchaseClear } from '@vigil/contract'
import { documentTypeNames, relationNames } from '@vigil/contract/terms'
import { Descriptions } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { useCountry } from '../../ui/HomePicker.tsx'
import { RevealDialog as Dialog, type RevealReason } from '../../ui/Reveal.tsx'

function Clear({ person }: { person: PurchaseClear }) {
  const country = useCountry()
  const areas = useAreas()
  const home =
    country.data?.areaName(person.residenceAreaCode) ?? areas.byCode.get(person.residenceAreaCode)?.name ?? ''
  const { boughtFor } = person
  return (
    <Descriptions
      column={1}
      bordered
      size="small"
      items={[
        { key: 'name', label: t('姓名'), children: person.name },
        { key: 'document', label: documentTypeNames[person.documentType], children: person.documentNumber },
        { key: 'mobile', label: t('手机'), children: person.mobile },
        { key: 'home', label: t('住址'), children: `${home} ${person.residenceAddress}` },
        {
          key: 'emergency',
          label: t('紧急联系人'),
          children: [person.emergencyName, person.emergencyMobile].filter(Boolean).join(' ') || '—',
        },
        {
          key: 'for',
          label: t('代购'),
          children: boughtFor
            ? [boughtFor.name, boughtFor.documentNumber, relationNames[boughtFor.relation]].filter(Boolean).join(' ')
            : t('否'),
        },
        { key: 'history', label: t('旅居与接触史'), children: person.history || '—' },
      ]}
    />
  )
}

/** Clear text of one registration, or of what `ask` asks for. */
export function RevealDialog({
  id,
  open,
  onClose,
  ask = (body) => call('purchase.reveal', { params: { id }, body }),
}: {
  id: string
  open: boolean
  onClose: () => void
  ask?: (body: RevealReason) => Promise<PurchaseClear>
}) {
  return (
    <Dialog ask={ask} open={open} onClose={onClose}>
      {(person) => <Clear person={person} />}
    </Dialog>
  )
}
