import { useQuery } from '@tanstack/react-query'
import type { StoreItem } from '@vigil/contract'
import { Descriptions, Drawer } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { PostersButton } from './PostersButton.tsx'
import { accountNames, StoreStatus } from './words.tsx'

const steps: Record<StoreItem['status'], { to: StoreItem['status']; name: string; danger: boolean }[]> = {
  active: [
    { to: 'suspended', name: t('暂停'), danger: true },
    { to: 'closed', name: t('注销'), danger: true },
  ],
  suspended: [
    { to: 'active', name: t('恢复营业'), danger: false },
    { to: 'closed', name: t('注销'), danger: true },
  ],
  closed: [{ to: 'active', name: t('恢复营业'), danger: false }],
}

/** One pharmacy: particulars, posters, suspension and reopening with reason. */
export function StoreDrawer({ code, onClose }: { code: string | undefined; onClose: () => void }) {
  const can = useCan()
  const query = useQuery({
    queryKey: [...keys.stores, 'one', code],
    queryFn: () => call('store.read', { params: { code: code ?? '' } }),
    enabled: code !== undefined,
  })
  const store = code ? query.data : undefined
  return (
    <Drawer open={code !== undefined} onClose={onClose} size={520} title={store?.name ?? t('药店')}>
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!store && !query.isError ? <Loading /> : null}
      {store ? (
        <div className="stack">
          <Descriptions
            column={1}
            bordered
            size="small"
            items={[
              { key: 'code', label: t('编号'), children: store.code },
              { key: 'status', label: t('状态'), children: <StoreStatus status={store.status} /> },
              { key: 'account', label: t('账号'), children: accountNames[store.accountStatus ?? 'none'] },
              { key: 'area', label: t('区划'), children: `${store.countyName} · ${store.areaName}` },
              { key: 'address', label: t('地址'), children: store.address },
              { key: 'phone', label: t('电话'), children: store.phone ?? '—' },
              { key: 'chain', label: t('连锁企业'), children: store.chain ?? '—' },
              { key: 'licence', label: t('许可证号'), children: store.licenceNo ?? '—' },
              {
                key: 'today',
                label: t('今日登记'),
                children: t('{purchasesToday} 笔', { purchasesToday: formatCount(store.purchasesToday) }),
              },
              { key: 'last', label: t('最近登记'), children: formatTime(store.lastPurchaseAt) },
            ]}
          />
          <div className="drawer-actions start">
            <PostersButton store={store.code} />
            {can('store.manage')
              ? steps[store.status].map((step) => (
                  <ConfirmButton
                    key={step.to}
                    label={step.name}
                    title={`${step.name}：${store.name}`}
                    reason
                    button={{ danger: step.danger }}
                    onConfirm={(reason) =>
                      call('store.set-status', { params: { code: store.code }, body: { status: step.to, reason } })
                    }
                    onDone={() => void queryClient.invalidateQueries({ queryKey: keys.stores })}
                  >
                    {step.danger ? <p>{t('{name}后，该店不能再登记购药。', { name: step.name })}</p> : null}
                  </ConfirmButton>
                ))
              : null}
          </div>
          <div className="links">
            <ScopeLink to="/" change={{ store: store.code }}>
              {t('本店态势')}
            </ScopeLink>
            <ScopeLink to="/purchases" change={{ store: store.code }}>
              {t('本店登记')}
            </ScopeLink>
            {can('compliance.read') ? <ScopeLink to={`/compliance/${store.code}`}>{t('经营规范')}</ScopeLink> : null}
          </div>
        </div>
      ) : null}
    </Drawer>
  )
}
