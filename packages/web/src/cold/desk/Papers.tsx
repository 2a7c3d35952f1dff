/** @jsxImportSource preact */
import type { ColdDeclarationDetail, ColdDocument } from '@vigil/contract'
import { coldDocumentKinds } from '@vigil/contract/terms'
import { useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import { call } from '../server.ts'
import { messageOf, say } from '../session.ts'
import { Line } from '../ui/Line.tsx'
import { dayFromNow, documentKindName } from '../words.ts'

type Kind = ColdDocument['kind']
const mostBytes = 20_000_000

interface Given {
  readonly item: ColdDeclarationDetail
  readonly onDone: () => void
}

/** The four documents: which are there, of when, what is wrong with them. */
export function Papers({ item, onDone }: Given) {
  const [open, setOpen] = useState<Kind | null>(null)
  const isOpen = item.state === 'declared' || item.state === 'disputed'
  const standing = (kind: Kind) => item.documents.filter((document) => document.kind === kind).at(-1)
  const there = coldDocumentKinds.filter(standing).length
  const trouble = (kind: Kind) => item.problems.find(({ rule }) => rule.endsWith(`-${kind}`))?.detail ?? ''
  const others = item.problems.filter(({ rule }) => !coldDocumentKinds.some((kind) => rule.endsWith(`-${kind}`)))
  return (
    <section class="card">
      <div class="row-head">
        <h2>{t('随附单证')}</h2>
        <span class={`tag ${item.problems.length === 0 ? 'good' : 'warn'}`}>
          {t('{there} / {all} 项', { there, all: coldDocumentKinds.length })}
        </span>
      </div>
      {others.map(({ rule, detail }) => (
        <p key={rule} class="note warn">
          {detail}
        </p>
      ))}
      <ul class="papers">
        {coldDocumentKinds.map((kind) => {
          const document = standing(kind)
          return (
            <li key={kind}>
              <div class="row-head">
                <div>
                  <strong>{documentKindName(kind)}</strong>
                  {document && (
                    <p class="muted">
                      {document.number} · {document.issuedOn}{' '}
                      <a
                        href={`/api/coldchain/declarations/${item.id}/documents/${document.id}`}
                        target="_blank"
                        rel="noreferrer"
                      >
                        {t('查看')}
                      </a>
                    </p>
                  )}
                  {trouble(kind) !== '' && <p class="problem">{trouble(kind)}</p>}
                </div>
                {isOpen && open !== kind && (
                  <button type="button" class="small-button" onClick={() => setOpen(kind)}>
                    <Icon name={document ? 'edit' : 'plus'} size={20} />
                    {document ? t('换一份') : t('上传')}
                    <span class="sr">{documentKindName(kind)}</span>
                  </button>
                )}
              </div>
              {isOpen && open === kind && (
                <PaperForm
                  id={item.id}
                  kind={kind}
                  onDone={() => {
                    setOpen(null)
                    onDone()
                  }}
                />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function PaperForm({ id, kind, onDone }: { id: string; kind: Kind; onDone: () => void }) {
  const [number, setNumber] = useState('')
  const [issuedOn, setIssuedOn] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const wrong = {
    number: number.trim() === '' ? t('请填写单证编号') : '',
    issuedOn: issuedOn === '' ? t('请选择签发日期') : '',
    file: !file ? t('请选择照片或 PDF') : file.size > mostBytes ? t('文件不能超过 20 MB') : '',
  }
  const upload = async (event: Event) => {
    event.preventDefault()
    setTried(true)
    if (Object.values(wrong).some(Boolean)) return
    setBusy(true)
    setProblem('')
    try {
      const body = new FormData()
      body.append('file', file!, file!.name)
      const query = { kind, number: number.trim(), issuedOn }
      await call('cold-declaration.add-document', { params: { id }, query, body })
      say(t('{name}已上传', { name: documentKindName(kind) }))
      onDone()
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form class="paper-form" onSubmit={(event) => void upload(event)} noValidate>
      <div class="fields">
        <Line
          id={`number-${kind}`}
          label={t('单证编号')}
          value={number}
          onInput={setNumber}
          problem={tried ? wrong.number : ''}
          maxLength={60}
        />
        <Line
          id={`issued-${kind}`}
          label={t('签发日期')}
          type="date"
          max={dayFromNow(60)}
          value={issuedOn}
          onInput={setIssuedOn}
          problem={tried ? wrong.issuedOn : ''}
        />
      </div>
      <div class={tried && wrong.file !== '' ? 'field wrong' : 'field'}>
        <label for={`file-${kind}`}>{t('照片或 PDF')}</label>
        <input
          id={`file-${kind}`}
          type="file"
          accept="application/pdf,image/png,image/jpeg"
          onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
        />
        <p class="problem" role="alert">
          {(tried ? wrong.file : '') || problem}
        </p>
      </div>
      <button type="submit" class="primary submit-button" disabled={busy}>
        {busy ? t('正在上传…') : t('上传')}
        <span class="sr">{documentKindName(kind)}</span>
      </button>
    </form>
  )
}
