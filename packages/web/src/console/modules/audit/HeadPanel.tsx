import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Descriptions, Typography } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { Panel } from '../../ui/Page.tsx'
import { ErrorState, ProblemAlert } from '../../ui/states.tsx'

const long = (value: string | null) =>
  value ? (
    <Typography.Text className="number break" copyable={{ text: value }}>
      {value}
    </Typography.Text>
  ) : (
    '—'
  )

/** Newest signed head of the log (RFC 6962), and its verification on demand. */
export function HeadPanel() {
  const head = useQuery({ queryKey: [...keys.audit, 'head'], queryFn: () => call('audit.head') })
  const verify = useMutation({ mutationFn: () => call('audit.verify') })
  return (
    <Panel
      title={t('封存与核验')}
      extra={
        <Button loading={verify.isPending} onClick={() => verify.mutate()}>
          {t('立即核验')}
        </Button>
      }
    >
      {head.isError ? <ErrorState error={head.error} retry={() => void head.refetch()} /> : null}
      {head.data ? (
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2 }}
          items={[
            {
              key: 'size',
              label: t('已封存'),
              children: t('{treeSize} 条', { treeSize: formatCount(head.data.treeSize) }),
            },
            { key: 'at', label: t('签名时间'), children: formatTime(head.data.signedAt) },
            { key: 'root', label: t('根哈希'), span: 'filled', children: long(head.data.rootHash) },
          ]}
        />
      ) : null}
      <ProblemAlert error={verify.error} />
      {verify.data ? (
        <Alert
          showIcon
          type={verify.data.ok ? 'success' : 'error'}
          title={
            verify.data.ok
              ? t('核验通过：{checked} 条记录未被改动、删除或调换', { checked: formatCount(verify.data.checked) })
              : t('核验发现 {length} 处问题（已查 {checked} 条）', {
                  length: formatCount(verify.data.problems.length),
                  checked: formatCount(verify.data.checked),
                })
          }
          description={verify.data.problems.map((problem) => (
            <div key={`${problem.seq}/${problem.detail}`}>
              {problem.seq === null ? '' : t('第 {seq} 条：', { seq: problem.seq })}
              {problem.detail}
            </div>
          ))}
        />
      ) : null}
    </Panel>
  )
}
