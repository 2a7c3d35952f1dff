import { useMutation } from '@tanstack/react-query'
import { Button, Form, Input, Typography } from 'antd'
import { renderSVG } from 'uqr'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { ProblemAlert } from '../../ui/states.tsx'

/** Enrols a second factor (TOTP, RFC 6238): QR code, check, recovery codes. */
export function TotpForm({ onDone, onBegin }: { onDone: () => void; onBegin?: () => void }) {
  const begin = useMutation({ mutationFn: () => call('totp.begin'), onSuccess: onBegin })
  const confirm = useMutation({
    mutationFn: ({ code }: { code: string }) => call('totp.confirm', { body: { code: code.trim() } }),
  })
  if (confirm.data)
    return (
      <div className="stack">
        <p>
          <strong>{t('动态口令已启用。')}</strong>
          {t('请抄下或打印恢复码，手机丢失时每个可用一次。只显示这一次。')}
        </p>
        <ul className="recovery">
          {confirm.data.recoveryCodes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <Button type="primary" onClick={onDone}>
          {t('已经记下，继续')}
        </Button>
      </div>
    )
  if (!begin.data)
    return (
      <div className="stack">
        <p className="hint">{t('登录时除密码外，再输入手机上身份验证器应用显示的 6 位数字。')}</p>
        <ProblemAlert error={begin.error} />
        <Button type="primary" loading={begin.isPending} onClick={() => begin.mutate()}>
          {t('开始设置')}
        </Button>
      </div>
    )
  return (
    <div className="stack">
      <p className="hint">{t('用身份验证器应用扫描二维码，或手工输入密钥，再填写显示的 6 位数字。')}</p>
      <img
        className="qr"
        alt={t('动态口令二维码')}
        src={`data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(begin.data.uri))}`}
      />
      <Typography.Text className="one-time-code">{begin.data.secret}</Typography.Text>
      <Form layout="vertical" requiredMark={false} onFinish={(values) => confirm.mutate(values)}>
        <Form.Item
          name="code"
          label={t('6 位数字')}
          rules={[{ required: true, pattern: /^\s*\d{6}\s*$/, message: t('请输入 6 位数字') }]}
        >
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={8} />
        </Form.Item>
        <ProblemAlert error={confirm.error} />
        <Button type="primary" htmlType="submit" loading={confirm.isPending}>
          {t('确认启用')}
        </Button>
      </Form>
    </div>
  )
}
