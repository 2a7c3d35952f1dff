import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Modal } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { saveFile } from '../../kernel/download.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { Icon } from '../../ui/icons.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

/** Makes the missing accounts of an area, or of the stores chosen in it, in one action, then hands out the sheet of activation codes. */
export function AccountsButton({ area, stores }: { area: string; stores?: readonly string[] }) {
  const [open, setOpen] = useState(false)
  const areaName = useAreas().byCode.get(area)?.name ?? area
  const name = stores ? t('所选 {length} 家药店', { length: formatCount(stores.length) }) : areaName
  const issue = useMutation({
    mutationFn: () =>
      call('store.issue-accounts', { body: { areaCode: area, ...(stores ? { storeCodes: [...stores] } : {}) } }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: keys.stores }),
  })
  const sheet = useMutation({
    mutationFn: (batchId: string) => saveFile('store.account-sheet', t('药店激活码.xlsx'), { batchId }),
  })
  const { data } = issue
  const batchId = data?.batchId
  return (
    <>
      <Button type={stores ? 'default' : 'primary'} icon={<Icon name="account" />} onClick={() => setOpen(true)}>
        {t('生成账号')}
      </Button>
      <Modal
        open={open}
        title={t('{name}：一店一码一账号', { name })}
        onCancel={() => setOpen(false)}
        mask={{ closable: !batchId || sheet.isSuccess }}
        afterClose={() => {
          issue.reset()
          sheet.reset()
        }}
        footer={
          data ? (
            <Button onClick={() => setOpen(false)}>{t('关闭')}</Button>
          ) : (
            <Button type="primary" loading={issue.isPending} onClick={() => issue.mutate()}>
              {t('生成')}
            </Button>
          )
        }
      >
        {data ? (
          <div className="stack">
            <Alert
              type="success"
              showIcon
              title={t('新生成 {created} 个账号，已有 {existing} 个', {
                created: formatCount(data.created),
                existing: formatCount(data.existing),
              })}
            />
            {batchId ? (
              <>
                <p className="hint">{t('激活码表只能下载一次，24 小时内有效。请分发到店，店员首次登录时设置 PIN。')}</p>
                <Button
                  type="primary"
                  disabled={sheet.isSuccess}
                  loading={sheet.isPending}
                  onClick={() => sheet.mutate(batchId)}
                >
                  {sheet.isSuccess ? t('已下载') : t('下载激活码表（XLSX）')}
                </Button>
                <ProblemAlert error={sheet.error} />
              </>
            ) : null}
          </div>
        ) : (
          <>
            {stores ? (
              <p>
                {t(
                  '为所选药店中还没有账号的各生成一个账号和激活码；待激活的换发新激活码，原码作废；已启用的不受影响。',
                )}
              </p>
            ) : (
              <p>{t('为{name}内所有还没有账号的药店各生成一个账号和激活码。已有账号的药店不受影响。', { name })}</p>
            )}
            <ProblemAlert error={issue.error} />
          </>
        )}
      </Modal>
    </>
  )
}
