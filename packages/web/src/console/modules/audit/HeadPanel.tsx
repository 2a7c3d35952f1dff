import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Descriptions, Typography } from 'antd'
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
      title="封存与核验"
      extra={
        <Button loading={verify.isPending} onClick={() => verify.mutate()}>
          立即核验
        </Button>
      }
    >
      {head.isError ? <ErrorState error={head.error} retry={() => void head.refetch()} /> : null}
      {head.data ? (
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2 }}
          items={[
            { key: 'size', label: '已封存', children: `${formatCount(head.data.treeSize)} 条` },
            { key: 'at', label: '签名时间', children: formatTime(head.data.signedAt) },
            { key: 'root', label: '根哈希', span: 'filled', children: long(head.data.rootHash) },
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
              ? `核验通过：${formatCount(verify.data.checked)} 条记录未被改动、删除或调换`
              : `核验发现 ${formatCount(verify.data.problems.length)} 处问题（已查 ${formatCount(verify.data.checked)} 条）`
          }
          description={verify.data.problems.map((problem) => (
            <div key={`${problem.seq}/${problem.detail}`}>
              {problem.seq === null ? '' : `第 ${problem.seq} 条：`}
              {problem.detail}
            </div>
          ))}
        />
      ) : null}
    </Panel>
  )
}
