import { Form, Input } from 'antd'
import { t } from '../../../text.ts'

/** A new password, typed twice; fields `password` and `again` of the form around it. */
export function NewPassword() {
  return (
    <>
      <Form.Item
        name="password"
        label={t('新密码')}
        extra={t('至少 10 个字符；一句自己记得住的话比复杂符号更安全。')}
        rules={[
          { required: true, message: t('请输入新密码') },
          { min: 10, message: t('至少 10 个字符') },
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('再输一次')}
        dependencies={['password']}
        rules={[
          { required: true, message: t('请再输一次新密码') },
          ({ getFieldValue }) => ({
            validator: async (_, value: string) => {
              if (value && value !== getFieldValue('password')) throw new Error(t('两次输入不一致'))
            },
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
    </>
  )
}
