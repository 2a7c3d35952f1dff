import { Form } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { HolderSelect } from '../coldchain/HolderSelect.tsx'
import { InviteDialog, type Invited, InvitedFields } from './InviteDialog.tsx'

interface Values extends Invited {
  readonly holderId: string
}

/** Invites somebody who acts for one business of the cold chain and sees nothing else. */
export function InviteHolderButton() {
  return (
    <InviteDialog<Values>
      title={t('邀请冷链经营主体')}
      invite={({ holderId, ...body }) => call('cold-desk.invite', { params: { id: holderId }, body })}
      place="/cold"
      then={t(' 选“用邀请码设置密码”。')}
    >
      <p className="hint">{t('账号只能办理、查看这一家的申报、库存和通知，从 /cold 登录。')}</p>
      <Form.Item name="holderId" label={t('经营主体')} rules={[{ required: true, message: t('请选择经营主体') }]}>
        <HolderSelect />
      </Form.Item>
      <InvitedFields />
    </InviteDialog>
  )
}
