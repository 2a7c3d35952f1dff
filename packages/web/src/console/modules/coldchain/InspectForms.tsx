import type { ColdLotDetail, ColdSample } from '@vigil/contract'
import { coldSubjects } from '@vigil/contract/terms'
import { DatePicker, Form, Input, InputNumber, Radio } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { FormButton } from './FormButton.tsx'
import { subjectNames } from './words.ts'

const required = (message: string) => [{ required: true, whitespace: true, message }]

interface Sample {
  readonly code: string
  readonly subject: ColdSample['subject']
  readonly grams?: number | null
  readonly reason?: string
}

/** Records a sample of a lot where it lies; of a positive one that is tested again, with the reason. */
export function SampleButton({ lot, retest }: { readonly lot: ColdLotDetail; readonly retest?: ColdSample }) {
  const title = retest
    ? t('复检 {sample}', { sample: `${subjectNames[retest.subject]} ${retest.code}` })
    : t('{lot} 采样', { lot: lot.lotNo })
  return (
    <FormButton<Sample>
      label={retest ? t('复检') : t('登记采样')}
      title={title}
      okText={t('登记')}
      button={retest ? { size: 'small' } : {}}
      initial={{ subject: retest?.subject ?? 'goods' }}
      submit={({ code, subject, grams, reason }) =>
        call('cold-lot.sample', {
          params: { id: lot.id },
          body: {
            ...{ code, subject: retest?.subject ?? subject, grams: grams ?? 0 },
            ...(retest ? { retest: { of: retest.id, reason: reason ?? '' } } : {}),
          },
        })
      }
    >
      <p className="hint">{t('采样地点为首站 {place}。', { place: lot.holderName })}</p>
      {retest ? (
        <Form.Item name="reason" label={t('复检理由')} rules={required(t('请写明复检理由'))}>
          <Input maxLength={300} />
        </Form.Item>
      ) : (
        <Form.Item name="subject" label={t('采样对象')}>
          <Radio.Group
            optionType="button"
            options={coldSubjects.map((value) => ({ value, label: subjectNames[value] }))}
          />
        </Form.Item>
      )}
      <Form.Item name="code" label={t('样品编号')} rules={required(t('请填写样品编号'))}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item noStyle shouldUpdate>
        {({ getFieldValue }) =>
          (retest?.subject ?? getFieldValue('subject')) === 'goods' ? (
            <Form.Item name="grams" label={t('取样重量（克）')} extra={t('取走的食品从库存扣减；没有取走食品时不填。')}>
              <InputNumber min={0} max={1_000_000} precision={0} style={{ width: '100%' }} />
            </Form.Item>
          ) : null
        }
      </Form.Item>
    </FormButton>
  )
}

interface Result {
  readonly result: 'negative' | 'positive'
  readonly lab: string
  readonly reportNo?: string
}

/** Enters the result of a sample, hours after it was taken. */
export function ResultButton({ sample: { id, subject, code } }: { readonly sample: ColdSample }) {
  return (
    <FormButton<Result>
      label={t('登记结果')}
      title={t('{sample} 的检测结果', { sample: `${subjectNames[subject]} ${code}` })}
      okText={t('登记')}
      button={{ size: 'small' }}
      submit={({ reportNo, ...result }) =>
        call('cold-lot.result', { params: { id }, body: { ...result, reportNo: reportNo ?? '' } })
      }
    >
      <Form.Item
        name="result"
        label={t('结果')}
        rules={[{ required: true, message: t('请选择结果') }]}
        extra={t('结果登记后不能更改。阳性会立即撤销放行，并拟定召回。')}
      >
        <Radio.Group
          optionType="button"
          options={[
            { value: 'negative', label: t('阴性') },
            { value: 'positive', label: t('阳性') },
          ]}
        />
      </Form.Item>
      <Form.Item name="lab" label={t('检测机构')} rules={required(t('请填写检测机构'))}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="reportNo" label={t('报告编号')}>
        <Input maxLength={60} />
      </Form.Item>
    </FormButton>
  )
}

interface Disinfection {
  readonly agent: string
  readonly doneAt: Dayjs
  readonly note?: string
}

/** Records a disinfection of a lot. */
export function DisinfectButton({ lot: { id, lotNo } }: { readonly lot: ColdLotDetail }) {
  return (
    <FormButton<Disinfection>
      label={t('登记消毒')}
      title={t('{lot} 消毒', { lot: lotNo })}
      okText={t('登记')}
      initial={{ doneAt: dayjs() }}
      submit={({ agent, doneAt, note }) =>
        call('cold-lot.disinfect', {
          params: { id },
          body: { agent, doneAt: doneAt.toISOString(), note: note ?? '' },
        })
      }
    >
      <Form.Item name="agent" label={t('消毒剂')} rules={required(t('请填写消毒剂'))}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="doneAt" label={t('消毒时间')} rules={[{ required: true, message: t('请选择时间') }]}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="note" label={t('说明')}>
        <Input maxLength={300} />
      </Form.Item>
    </FormButton>
  )
}

/** Refuses the release of a lot for a reason. */
export function RefuseButton({ lot: { id, lotNo } }: { readonly lot: ColdLotDetail }) {
  return (
    <FormButton<{ reason: string }>
      label={t('不予放行')}
      title={t('{lot} 不予放行', { lot: lotNo })}
      okText={t('不予放行')}
      button={{ danger: true }}
      submit={(body) => call('cold-inspect.refuse', { params: { id }, body })}
    >
      <Form.Item
        name="reason"
        label={t('原因')}
        rules={required(t('请写明不予放行的原因'))}
        extra={t('批次继续封存在监管仓；货主看得到这条原因。')}
      >
        <Input.TextArea rows={3} maxLength={300} showCount />
      </Form.Item>
    </FormButton>
  )
}
