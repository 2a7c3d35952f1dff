import { Descriptions } from 'antd'
import { documentTypeNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { RevealButton as Reveal } from '../../ui/Reveal.tsx'

/** Clear text of one worker. */
export function RevealButton({ id }: { id: string }) {
  return (
    <Reveal ask={(body) => call('staff.reveal', { params: { id }, body })}>
      {(person) => (
        <Descriptions
          column={1}
          bordered
          size="small"
          items={[
            { key: 'name', label: t('姓名'), children: person.name },
            { key: 'document', label: documentTypeNames[person.documentType], children: person.documentNumber },
            { key: 'mobile', label: t('手机'), children: person.mobile },
          ]}
        />
      )}
    </Reveal>
  )
}
