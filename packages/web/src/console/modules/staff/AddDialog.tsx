import { type documentTypes, staffRoles } from '@vigil/contract/terms'
import { DatePicker, Form, Input, Radio, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { documentTypeNames, staffRoleNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { today } from '../../kernel/period.ts'
import { FormButton } from './FormButton.tsx'

interface Values {
  storeCode: string
  name: string
  documentType: (typeof documentTypes)[number]
  documentNumber: string
  mobile: string
  role: (typeof staffRoles)[number]
  joinedOn: Dayjs
}

const required = (message: string) => [{ required: true, whitespace: true, message }]

/** Puts a worker on a store's roster. */
export function AddButton({ store }: { store: string | undefined }) {
  return (
    <FormButton<Values>
      label={t('登记人员')}
      primary
      initial={{ storeCode: store ?? '', documentType: 'citizen-id', role: 'clerk', joinedOn: dayjs(today()) }}
      onSend={({ joinedOn, storeCode, ...values }) =>
        call('staff.add', {
          body: { ...values, storeCode: storeCode.trim().toUpperCase(), joinedOn: joinedOn.format('YYYY-MM-DD') },
        })
      }
    >
      <Form.Item name="storeCode" label={t('药店编号')} rules={required(t('请填写药店编号'))}>
        <Input maxLength={24} autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t('姓名')} rules={required(t('请填写姓名'))}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <div className="form-row">
        <Form.Item name="documentType" label={t('证件类型')}>
          <Select
            aria-label={t('证件类型')}
            options={Object.entries(documentTypeNames).map(([value, label]) => ({ value, label }))}
          />
        </Form.Item>
        <Form.Item name="documentNumber" label={t('证件号码')} rules={required(t('请填写证件号码'))}>
          <Input maxLength={30} autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item name="mobile" label={t('手机号')} rules={required(t('请填写手机号'))}>
        <Input maxLength={20} autoComplete="off" />
      </Form.Item>
      <Form.Item name="role" label={t('岗位')}>
        <Radio.Group options={staffRoles.map((value) => ({ value, label: staffRoleNames[value] }))} />
      </Form.Item>
      <Form.Item name="joinedOn" label={t('到岗日期')} rules={[{ required: true, message: t('请选择日期') }]}>
        <DatePicker className="wide" disabledDate={(day) => day.format('YYYY-MM-DD') > today()} />
      </Form.Item>
    </FormButton>
  )
}
