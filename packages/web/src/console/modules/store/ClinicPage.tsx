import { ImportButton } from '../../ui/ImportDialog.tsx'
import { Page, Panel } from '../../ui/Page.tsx'

/** Fever clinics to which the counter refers a buyer with fever. */
export function ClinicPage() {
  return (
    <Page
      title="发热门诊"
      note="体温 37.3 ℃ 及以上或自述发热的购药人，登记端会显示距药店最近的三家发热门诊。"
      actions={
        <ImportButton
          route="clinic.import"
          title="导入发热门诊"
          columns="列：名称、地址、电话、区县、经度、纬度（必填，WGS 84 十进制度），开诊。"
          refresh={[]}
        />
      }
    >
      <Panel title="更新名单">
        <p>
          上传当前的发热门诊名单（XLSX 或
          CSV）。名称相同的门诊会被更新，新的会加入；有误的行逐行说明，可下载后改正再传。
        </p>
        <p className="hint">名单更新后立即用于所有登记端，离线设备在下次联网时取得。</p>
      </Panel>
    </Page>
  )
}
