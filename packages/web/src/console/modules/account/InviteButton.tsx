import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { Icon } from '../../ui/icons.tsx'
import { GrantFields, type GrantValues, grantsOf } from './GrantFields.tsx'
import { InviteDialog, type Invited, InvitedFields } from './InviteDialog.tsx'

interface Values extends Invited {
  readonly grants: GrantValues[]
}

/** Invites a person: account, grants, and a code that is shown once. */
export function InviteButton() {
  const areas = useAreas()
  return (
    <InviteDialog<Values>
      title={t('邀请人员')}
      button={{ type: 'primary', icon: <Icon name="plus" /> }}
      width={720}
      // The own area is filled in: the form waits until it is known.
      ready={areas.roots.length > 0}
      initial={{ grants: [{ areaCode: areas.roots[0]?.code } as GrantValues] }}
      invite={({ grants, ...who }) => call('account.invite', { body: { ...who, grants: grantsOf(grants) } })}
      place="/invite"
      then={t(' 设置密码。')}
    >
      <InvitedFields />
      <GrantFields />
    </InviteDialog>
  )
}
