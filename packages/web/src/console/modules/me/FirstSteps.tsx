import { useMutation } from '@tanstack/react-query'
import type { Me } from '@vigil/contract'
import { Button } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { isBusiness, leave } from '../../kernel/session.ts'
import { Cover } from './Cover.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { TotpForm } from './TotpForm.tsx'

const again = () => void queryClient.invalidateQueries({ queryKey: keys.me })

/** What must be done before the console opens: accounts of stores and businesses are sent to their own screens, a password changed, a second factor enrolled. */
export default function FirstSteps({ me }: { me: Me }) {
  const out = useMutation({ mutationFn: () => call('session.delete'), onSettled: leave })
  const signOut = (
    <p className="cover-foot">
      {me.displayName}
      <Button type="link" onClick={() => out.mutate()}>
        {t('退出登录')}
      </Button>
    </p>
  )
  if (me.kind === 'store')
    return (
      <Cover title={t('这是药店账号')} note={t('药店账号用于柜台登记，请打开登记端。')}>
        <Button type="primary" href={me.store ? `/c/${me.store.code}` : '/c/'}>
          {t('打开登记端')}
        </Button>
        {signOut}
      </Cover>
    )
  if (isBusiness(me) && !me.mustChangePassword)
    return (
      <Cover title={t('这是冷链经营主体的账号')} note={t('申报、收发和库存请到冷链端办理。')}>
        <Button type="primary" href="/cold">
          {t('打开冷链端')}
        </Button>
        {signOut}
      </Cover>
    )
  if (me.mustChangePassword)
    return (
      <Cover title={t('请先修改密码')} note={t('为了安全，首次登录或密码重置后需要设置自己的密码。')}>
        <PasswordForm onDone={again} />
        {signOut}
      </Cover>
    )
  return (
    <Cover title={t('请先启用动态口令')} note={t('你的角色能看到辖区数据，须启用动态口令后使用。')}>
      <TotpForm onDone={again} />
      {signOut}
    </Cover>
  )
}
