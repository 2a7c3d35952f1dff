import { App, Button, Modal, Typography } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../../text.ts'

/** A code or key that is shown once and never again. */
export function OneTime({
  title,
  secret,
  children,
  onClose,
}: {
  readonly title: string
  readonly secret: string | undefined
  readonly children: ReactNode
  readonly onClose: () => void
}) {
  const { message } = App.useApp()
  return (
    <Modal
      open={secret !== undefined}
      title={title}
      onCancel={onClose}
      mask={{ closable: false }}
      destroyOnHidden
      footer={
        <Button type="primary" onClick={onClose}>
          {t('已经记下')}
        </Button>
      }
    >
      <p className="hint">{t('只显示这一次，关闭后无法再看。请交给本人，不要发到群里。')}</p>
      <div className="one-time">
        <Typography.Text className="one-time-code">{secret}</Typography.Text>
        <Button
          onClick={() =>
            void navigator.clipboard
              .writeText(secret ?? '')
              .then(() => message.success(t('已复制')))
              .catch(() => message.warning(t('浏览器不允许复制，请手工抄写')))
          }
        >
          {t('复制')}
        </Button>
      </div>
      {children}
    </Modal>
  )
}
