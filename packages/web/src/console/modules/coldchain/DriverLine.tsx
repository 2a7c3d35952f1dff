import type { ColdDeclarationDetail } from '@vigil/contract'
import { Descriptions } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useCan } from '../../kernel/session.ts'
import { RevealButton } from '../../ui/Reveal.tsx'

/** Who drove, masked; in clear for whoever may inspect and says why. */
export function DriverLine({
  declaration: { id, driverName, driverMobile, vehicle },
}: {
  readonly declaration: ColdDeclarationDetail
}) {
  const can = useCan()
  const words = driverName === null ? t('司机信息已按期限销毁') : [driverName, driverMobile].filter(Boolean).join(' ')
  return (
    <div className="in-line">
      <span>{t('司机 {driver}，车牌 {vehicle}', { driver: words, vehicle })}</span>
      {driverName !== null && can('coldchain.inspect') ? (
        <RevealButton
          title={t('查看司机明文')}
          button={{ size: 'small' }}
          ask={(body) => call('cold-declaration.reveal-driver', { params: { id }, body })}
        >
          {(driver) => (
            <Descriptions
              column={1}
              bordered
              size="small"
              items={[
                { key: 'name', label: t('姓名'), children: driver.name },
                { key: 'mobile', label: t('手机'), children: driver.mobile },
                { key: 'vehicle', label: t('车牌号'), children: driver.vehicle },
              ]}
            />
          )}
        </RevealButton>
      ) : null}
    </div>
  )
}
