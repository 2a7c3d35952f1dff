import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { checkDocument, checkMobile } from '@vigil/codes'
import type { PurchaseItem } from '@vigil/contract'
import {
  documentTypeNames,
  documentTypes,
  relationNames,
  relations,
  symptomNames,
  symptoms,
} from '@vigil/contract/terms'
import { Button, Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { HomePicker } from '../../ui/HomePicker.tsx'

const required = (message: string) => ({ required: true, whitespace: true, message })

/** Type and number of the document, checked by the rules of the type. */
export function DocumentFields() {
  return (
    <div className="form-row">
      <Form.Item name="documentType" label={t('证件类型')} rules={[required(t('请选择证件类型'))]}>
        <Select options={documentTypes.map((value) => ({ value, label: documentTypeNames[value] }))} />
      </Form.Item>
      <Form.Item
        name="documentNumber"
        label={t('证件号码')}
        dependencies={['documentType']}
        rules={[
          required(t('请输入证件号码')),
          ({ getFieldValue }) => ({
            validator: async (_, value: string) => {
              if (!value) return
              const checked = checkDocument(getFieldValue('documentType'), value)
              if (!checked.ok) throw new Error(t('证件号码不正确，请核对'))
            },
          }),
        ]}
      >
        <Input maxLength={30} autoComplete="off" />
      </Form.Item>
    </div>
  )
}

/** Name, mobile, home and emergency contact; typed anew because the screen holds only masked values. */
export function PersonFields() {
  return (
    <>
      <div className="form-row">
        <Form.Item name={['person', 'name']} label={t('姓名')} rules={[required(t('请输入姓名'))]}>
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name={['person', 'mobile']}
          label={t('手机')}
          rules={[
            required(t('请输入手机号')),
            {
              validator: async (_, value: string) => {
                if (value && !checkMobile(value).ok) throw new Error(t('手机号不正确，请核对'))
              },
            },
          ]}
        >
          <Input maxLength={20} inputMode="numeric" autoComplete="off" />
        </Form.Item>
      </div>
      <div className="form-row">
        <Form.Item
          name={['person', 'residenceAreaCode']}
          label={t('住址区划')}
          rules={[{ required: true, message: t('请选择住址区划') }]}
        >
          <HomePicker />
        </Form.Item>
        <Form.Item name={['person', 'residenceAddress']} label={t('详细住址')} rules={[required(t('请输入详细住址'))]}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
      </div>
      <div className="form-row">
        <Form.Item name={['person', 'emergencyName']} label={t('紧急联系人（选填）')}>
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
        <Form.Item name={['person', 'emergencyMobile']} label={t('紧急联系人手机（选填）')}>
          <Input maxLength={20} inputMode="numeric" autoComplete="off" />
        </Form.Item>
      </div>
    </>
  )
}

function DrugSelect({
  known,
  ...field
}: {
  known: PurchaseItem['items']
  id?: string
  value?: string
  onChange?: (value: string) => void
}) {
  const [typed, setTyped] = useState('')
  const found = useQuery({
    queryKey: [...keys.drugs, 'pick', typed],
    queryFn: ({ signal }) => call('drug.search', { query: { q: typed, limit: 20 }, signal }),
    enabled: typed !== '',
    placeholderData: keepPreviousData,
  })
  const options = typed
    ? (found.data?.items ?? []).map((drug) => ({
        value: drug.id,
        label: [drug.brand, drug.generic, drug.form, drug.strength].filter(Boolean).join(' '),
      }))
    : known.map(({ drugId, name }) => ({ value: drugId, label: name }))
  return (
    <Select
      {...field}
      aria-label={t('药品')}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      options={options}
      placeholder={t('输入名称、拼音首字母或条码')}
      notFoundContent={typed ? t('没有找到') : t('输入后查找')}
    />
  )
}

/** Drugs and quantities. */
export function ItemFields({ known }: { known: PurchaseItem['items'] }) {
  return (
    <Form.List name="items">
      {(fields, { add, remove }) => (
        <fieldset className="items">
          <legend>{t('药品')}</legend>
          {fields.map((field) => (
            <div key={field.key} className="item-row">
              <Form.Item name={[field.name, 'drugId']} rules={[{ required: true, message: t('请选择药品') }]}>
                <DrugSelect known={known} />
              </Form.Item>
              <Form.Item name={[field.name, 'quantity']} rules={[{ required: true, message: t('请输入数量') }]}>
                <InputNumber aria-label={t('数量')} min={1} max={99} precision={0} />
              </Form.Item>
              <Button disabled={fields.length === 1} onClick={() => remove(field.name)}>
                {t('删除')}
              </Button>
            </div>
          ))}
          <Button disabled={fields.length >= 20} onClick={() => add({ quantity: 1 })}>
            {t('加一种药品')}
          </Button>
        </fieldset>
      )}
    </Form.List>
  )
}

/** Symptoms and temperature in °C. */
export function HealthFields() {
  return (
    <>
      <Form.Item name="symptoms" label={t('症状')}>
        <Checkbox.Group options={symptoms.map((value) => ({ value, label: symptomNames[value] }))} />
      </Form.Item>
      <Form.Item name="temperature" label={t('体温（℃）')}>
        <InputNumber min={34} max={43} step={0.1} precision={1} />
      </Form.Item>
    </>
  )
}

/** Whom it was bought for, typed anew like the buyer, or that it was for the buyer. */
export function ProxyFields() {
  const proxy = Form.useWatch('proxy') as boolean | undefined
  return (
    <>
      <Form.Item name="proxy" label={t('代购')}>
        <Radio.Group
          options={[
            { value: true, label: t('替别人买（代购）') },
            { value: false, label: t('本人用药') },
          ]}
        />
      </Form.Item>
      {proxy ? <PatientFields /> : null}
    </>
  )
}

function PatientFields() {
  return (
    <>
      <div className="form-row">
        <Form.Item name={['boughtFor', 'name']} label={t('用药人姓名')} rules={[required(t('请输入用药人姓名'))]}>
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name={['boughtFor', 'relation']}
          label={t('与购药人的关系')}
          rules={[required(t('请选择用药人与购药人的关系'))]}
        >
          <Select options={relations.map((value) => ({ value, label: t(relationNames[value]) }))} />
        </Form.Item>
      </div>
      <div className="form-row">
        <Form.Item
          name={['boughtFor', 'documentType']}
          label={t('用药人证件类型（选填）')}
          initialValue={'citizen-id' satisfies (typeof documentTypes)[number]}
        >
          <Select options={documentTypes.map((value) => ({ value, label: t(documentTypeNames[value]) }))} />
        </Form.Item>
        <Form.Item
          name={['boughtFor', 'documentNumber']}
          label={t('用药人证件号码（选填）')}
          dependencies={[['boughtFor', 'documentType']]}
          rules={[
            ({ getFieldValue }) => ({
              validator: async (_, value: string | undefined) => {
                if (value?.trim() && !checkDocument(getFieldValue(['boughtFor', 'documentType']), value).ok)
                  throw new Error(t('证件号码不正确，请核对'))
              },
            }),
          ]}
        >
          <Input maxLength={30} autoComplete="off" />
        </Form.Item>
      </div>
    </>
  )
}

/** Travel or contact history. */
export function HistoryField() {
  return (
    <Form.Item name="history" label={t('14 天内旅居或接触史')}>
      <Input.TextArea rows={2} maxLength={300} showCount />
    </Form.Item>
  )
}
