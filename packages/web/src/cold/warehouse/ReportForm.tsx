/** @jsxImportSource preact */
import { useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import { go } from '../router.ts'
import type { KeptPhoto } from '../scan/outbox.ts'
import { messageOf, say } from '../session.ts'
import type { Holder } from '../state.ts'
import { Line } from '../ui/Line.tsx'
import { gramsOf } from '../words.ts'
import { keptPhoto, placeOfPhone } from './photo.ts'
import { Submit } from './Submit.tsx'
import { shortCode } from './words.ts'
import { submit, waiting } from './work.ts'

const mostPhotos = 9

/** Reports a code that is wrong, with photos and place; it waits on the device when there is no network. */
export function ReportForm({ holder, code, onClose }: { holder: Holder; code: string; onClose: () => void }) {
  const [place, setPlace] = useState(holder.address)
  const [mass, setMass] = useState('')
  const [note, setNote] = useState('')
  const [photos, setPhotos] = useState<readonly KeptPhoto[]>([])
  const [spot, setSpot] = useState<{ lon: number; lat: number } | null>(null)
  const [message, setMessage] = useState('')
  const grams = mass.trim() === '' ? null : gramsOf(mass)
  const massProblem = mass.trim() !== '' && !grams ? t('请填写千克数，最多三位小数') : ''
  const onPhotos = async (files: FileList | null) => {
    const chosen = Array.from(files ?? []).slice(0, mostPhotos - photos.length)
    const made = await Promise.all(chosen.map((file) => keptPhoto(file).catch(() => null)))
    const good = made.filter((photo): photo is KeptPhoto => photo !== null)
    setMessage(good.length < made.length ? t('有文件不是照片，没有加入') : '')
    setPhotos((before) => [...before, ...good])
  }
  const onPlace = () => {
    setMessage(t('正在定位…'))
    placeOfPhone().then(
      (found) => {
        setSpot(found)
        setMessage('')
      },
      () => setMessage(t('没有取得位置，请在浏览器中允许定位，或写明地点')),
    )
  }
  const onGo = async () => {
    const body = {
      ...{ code, holderId: holder.id, at: new Date().toISOString(), place: place.trim(), note: note.trim(), grams },
      ...{ lon: spot?.lon ?? null, lat: spot?.lat ?? null },
    }
    try {
      await submit([{ title: t('上报：{code}', { code: shortCode(code) }), work: { kind: 'report', body, photos } }])
      say(waiting.value.length > 0 ? t('已存在本机，联网后自动上报') : t('已上报，监管人员会处理'))
      onClose()
      go('/scan')
    } catch (error) {
      setMessage(messageOf(error))
    }
  }
  return (
    <section class="card" aria-label={t('上报违规')}>
      <h2>{t('上报违规')}</h2>
      <p class="code">{shortCode(code)}</p>
      <Line id="report-place" label={t('地点')} value={place} onInput={setPlace} maxLength={200} />
      <button type="button" class="secondary wide" onClick={onPlace} disabled={spot !== null}>
        <Icon name="place" />
        {spot ? t('已附位置 {lat}, {lon}', spot) : t('附上手机位置')}
      </button>
      <Line
        id="report-mass"
        label={t('重量（千克）')}
        hint={t('选填')}
        mode="decimal"
        value={mass}
        onInput={setMass}
        problem={massProblem}
        maxLength={14}
      />
      <Line id="report-note" label={t('说明')} hint={t('选填')} value={note} onInput={setNote} maxLength={300} />
      <div class="photos">
        {photos.map(({ data }, index) => (
          <button
            key={data}
            type="button"
            aria-label={t('移除第 {n} 张照片', { n: index + 1 })}
            onClick={() => setPhotos(photos.filter((_, i) => i !== index))}
          >
            <img src={`data:image/jpeg;base64,${data}`} alt="" />
            <Icon name="close" size={18} />
          </button>
        ))}
        {photos.length < mostPhotos && (
          <label class="photo-add">
            <Icon name="plus" />
            {t('拍照')}
            <input
              type="file"
              accept="image/*"
              capture="environment"
              multiple
              onChange={(event) => {
                void onPhotos(event.currentTarget.files)
                event.currentTarget.value = ''
              }}
            />
          </label>
        )}
      </div>
      <p class="problem" role="status">
        {message}
      </p>
      <Submit
        sum={t('{count} 张照片', { count: photos.length })}
        label={t('上报')}
        disabled={massProblem !== '' || (place.trim() === '' && spot === null)}
        onGo={onGo}
      />
      <button type="button" class="text-button" onClick={onClose}>
        {t('不上报')}
      </button>
    </section>
  )
}
