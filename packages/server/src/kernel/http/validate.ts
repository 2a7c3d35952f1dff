import type { FieldError } from '@vigil/contract'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formatsModule from 'ajv-formats'

const addFormats = formatsModule as unknown as (ajv: Ajv) => void
const base = { allErrors: true, removeAdditional: false, useDefaults: true, strict: false } as const
/** Bodies are taken as they are; query and path come as text and are converted. */
const strictAjv = new Ajv({ ...base, coerceTypes: false })
const coercingAjv = new Ajv({ ...base, coerceTypes: 'array' })
addFormats(strictAjv)
addFormats(coercingAjv)
// PostgreSQL stores neither U+0000 nor half of a surrogate pair; control signs and those that turn the direction of writing
// make a name look like another one, on a screen as in a log.
const disguise = /[[\p{Cc}--[\t\n\r]]\u202A-\u202E\u2066-\u2069]/v
for (const ajv of [strictAjv, coercingAjv])
  ajv.addKeyword({
    keyword: 'storable',
    type: 'string',
    errors: false,
    validate: (_on: boolean, text: string) => text.isWellFormed() && !disguise.test(text),
  })

const storable = (schema: object): object =>
  JSON.parse(JSON.stringify(schema), (_key, value) => (value?.type === 'string' ? { ...value, storable: true } : value))

/** Compiles a schema once; every text of it must be storable. @param part `body`, or a part that arrives as text */
export function compile(schema: object, part: string): ValidateFunction {
  return (part === 'body' ? strictAjv : coercingAjv).compile(storable(schema))
}

const formats: Record<string, string> = { uuid: 'UUID', date: '日期(YYYY-MM-DD)', 'date-time': '时间(RFC 3339)' }
const types: Record<string, string> = {
  string: '文本',
  integer: '整数',
  number: '数字',
  boolean: '是或否',
  array: '列表',
  object: '对象',
  null: '空',
}

function describe(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'required':
      return '必填'
    case 'additionalProperties':
      return `不认识的字段 ${String(params.additionalProperty)}`
    case 'maxLength':
      return `最多 ${String(params.limit)} 个字符`
    case 'minLength':
      return Number(params.limit) === 1 ? '不能为空' : `至少 ${String(params.limit)} 个字符`
    case 'maxItems':
      return `最多 ${String(params.limit)} 项`
    case 'minItems':
      return `至少 ${String(params.limit)} 项`
    case 'uniqueItems':
      return '有重复的项'
    case 'minimum':
      return `不能小于 ${String(params.limit)}`
    case 'maximum':
      return `不能大于 ${String(params.limit)}`
    case 'format':
      return `格式应为${formats[String(params.format)] ?? String(params.format)}`
    case 'pattern':
      return '格式不对'
    case 'storable':
      return '含有无法保存的字符，请删除后重新输入'
    case 'type': {
      const wanted = Array.isArray(params.type) ? (params.type as string[]) : [String(params.type)]
      return `应为${wanted.map((name) => types[name] ?? name).join('或')}`
    }
    case 'enum':
      return `只能是：${(params.allowedValues as unknown[]).slice(0, 12).map(String).join('、')}`
    default:
      return '格式不对'
  }
}

/** Ajv's errors as fields by JSON pointer with a Chinese sentence; a field that is missing is named itself. */
export function fieldErrors(errors: readonly ErrorObject[] | null | undefined, prefix = ''): FieldError[] {
  const found = new Map<string, FieldError>()
  for (const error of errors ?? []) {
    if (error.keyword === 'anyOf' || error.keyword === 'if') continue
    const params = error.params as Record<string, unknown>
    // The other branch of what may be null tells what is wrong.
    if (error.keyword === 'type' && params.type === 'null') continue
    const tail =
      error.keyword === 'required'
        ? `/${String(params.missingProperty)}`
        : error.keyword === 'additionalProperties'
          ? `/${String(params.additionalProperty)}`
          : ''
    const pointer = `${prefix}${error.instancePath}${tail}`.slice(0, 300)
    if (!found.has(pointer)) found.set(pointer, { pointer, code: error.keyword, detail: describe(error).slice(0, 500) })
    if (found.size >= 100) break
  }
  return [...found.values()]
}
