import { useMutation } from '@tanstack/react-query'
import type { Permission } from '@vigil/contract'
import { permissionNames, permissions } from '@vigil/contract/permission'
import { Checkbox, Form, Input, Modal, Switch } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'
import type { Role } from './RolePage.tsx'

interface Values {
  code: string
  name: string
  permissions: Permission[]
  requiresTotp: boolean
}

/** Creates or changes a role. */
export function RoleDialog({ role, onClose }: { role: Role | 'new' | undefined; onClose: () => void }) {
  const [form] = Form.useForm<Values>()
  const known = role === 'new' ? undefined : role
  const run = useMutation({
    mutationFn: (values: Values) =>
      call('role.save', {
        params: { code: known?.code ?? values.code },
        body: { name: values.name.trim(), permissions: values.permissions, requiresTotp: values.requiresTotp },
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.roles })
      void queryClient.invalidateQueries({ queryKey: keys.me })
      onClose()
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <Modal
      open={role !== undefined}
      title={known ? t('修改角色：{name}', { name: known.name }) : t('新增角色')}
      width={680}
      okText={t('保存')}
      confirmLoading={run.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={() => run.reset()}
      destroyOnHidden
    >
      <Form
        form={form}
        key={known?.code ?? 'new'}
        layout="vertical"
        requiredMark={false}
        clearOnDestroy
        initialValues={known ?? { permissions: [], requiresTotp: true }}
        onFinish={(values) => run.mutate(values)}
      >
        <div className="form-row">
          <Form.Item
            name="name"
            label={t('名称')}
            rules={[{ required: true, whitespace: true, message: t('请输入名称') }]}
          >
            <Input maxLength={60} />
          </Form.Item>
          {known ? null : (
            <Form.Item
              name="code"
              label={t('代码')}
              rules={[{ required: true, pattern: /^[a-z0-9-]{2,40}$/, message: t('2–40 位小写字母、数字或横线') }]}
            >
              <Input maxLength={40} autoComplete="off" />
            </Form.Item>
          )}
        </div>
        <Form.Item name="permissions" label={t('权限')} className="permission-grid">
          <Checkbox.Group options={permissionNames.map((value) => ({ value, label: permissions[value] }))} />
        </Form.Item>
        <Form.Item name="requiresTotp" label={t('必须启用动态口令')} valuePropName="checked">
          <Switch aria-label={t('必须启用动态口令')} />
        </Form.Item>
      </Form>
      <ProblemAlert error={run.error} />
    </Modal>
  )
}
