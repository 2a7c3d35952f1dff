/** @jsxImportSource preact */
import type { ColdGoods } from '@vigil/contract'
import { useState } from 'preact/hooks'
import { t } from '../../text.ts'
import { call } from '../server.ts'
import { messageOf } from '../session.ts'
import { Line } from '../ui/Line.tsx'

/** Registers goods; without a bar code of their own they are given one for local use. */
export function GoodsForm({ name: given = '', onDone }: { name?: string; onDone: (goods: ColdGoods) => void }) {
  const [name, setName] = useState(given)
  const [gtin, setGtin] = useState('')
  const [category, setCategory] = useState('')
  const [spec, setSpec] = useState('')
  const [limit, setLimit] = useState('-18')
  const [days, setDays] = useState('')
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState('')
  const digits = gtin.trim()
  const degrees = /^-?\d{1,2}(\.\d)?$/.test(limit.trim()) ? Number(limit) : null
  const wrong = {
    name: name.trim() === '' ? t('请填写商品名称') : '',
    category: category.trim() === '' ? t('请填写类别，例如 水产') : '',
    gtin: digits === '' || /^\d{8}$|^\d{12,14}$/.test(digits) ? '' : t('条码应为 8、12、13 或 14 位数字'),
    limit: degrees === null || degrees < -80 || degrees > 30 ? t('请填写 -80 至 30 的温度') : '',
    days: days.trim() === '' || /^[1-9]\d{0,3}$/.test(days.trim()) ? '' : t('请填写天数'),
  }
  const shown = (message: string) => (tried ? message : '')
  const save = async (event: Event) => {
    event.preventDefault()
    setTried(true)
    if (Object.values(wrong).some(Boolean)) return
    try {
      const body = {
        ...{ name: name.trim(), category: category.trim(), spec: spec.trim() },
        ...{ gtin: digits === '' ? null : digits.padStart(14, '0'), limitTenths: Math.round(degrees! * 10) },
        shelfLifeDays: days.trim() === '' ? null : Number(days),
      }
      onDone(await call('cold-goods.save', { body }))
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Line
        id="goods-name"
        label={t('商品名称')}
        value={name}
        onInput={setName}
        problem={shown(wrong.name)}
        maxLength={120}
      />
      <div class="fields">
        <Line
          id="goods-category"
          label={t('类别')}
          value={category}
          onInput={setCategory}
          problem={shown(wrong.category)}
          maxLength={60}
        />
        <Line id="goods-spec" label={t('规格')} hint={t('选填')} value={spec} onInput={setSpec} maxLength={120} />
        <Line
          id="goods-gtin"
          label={t('商品条码')}
          hint={t('没有可不填')}
          value={gtin}
          onInput={setGtin}
          problem={shown(wrong.gtin)}
          mode="numeric"
          maxLength={14}
        />
        <Line
          id="goods-limit"
          label={t('最高贮存温度')}
          value={limit}
          onInput={setLimit}
          problem={shown(wrong.limit)}
          suffix="°C"
          maxLength={5}
        />
        <Line
          id="goods-days"
          label={t('保质期')}
          hint={t('选填')}
          value={days}
          onInput={setDays}
          problem={shown(wrong.days)}
          mode="numeric"
          suffix={t('天')}
          maxLength={4}
        />
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      <button type="submit" class="primary">
        {t('登记商品')}
      </button>
    </form>
  )
}
