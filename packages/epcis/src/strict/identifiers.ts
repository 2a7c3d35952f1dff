import type { EpcisEvent } from '../document/types.ts'
import { canonicalUri, isClass, parseEpc, type UriProblem, uriProblem } from '../identifier/index.ts'
import type { Problem } from '../result.ts'

type Fields = Readonly<Record<string, unknown>>
const instanceLists = ['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList'] as const
export const quantityLists = ['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList'] as const
const pairs = [
  ['bizTransactionList', 'bizTransaction'],
  ['sourceList', 'source'],
  ['destinationList', 'destination'],
] as const
const devices = ['deviceID', 'deviceMetadata', 'rawData', 'dataProcessingMethod', 'bizRules'] as const

/** EPC URNs and Digital Links that break the rules of their keys; classes among things, and a thing given as a class. */
export function identifierProblems(event: EpcisEvent, path: string): Problem[] {
  const problems: Problem[] = []
  const look = (value: unknown, at: string, wanted?: 'thing' | 'class'): void => {
    if (typeof value !== 'string') return
    // Single things seldom come again: remembering them costs more than judging them.
    const { problem, named } = wanted === 'thing' ? judge(value) : verdictOn(value)
    if (problem) problems.push({ path: at, rule: problem.rule, message: `${value}: ${problem.message}` })
    else if (wanted && named === (wanted === 'thing'))
      problems.push({
        path: at,
        rule: wanted === 'thing' ? 'class-as-thing' : 'thing-as-class',
        message: `${value} names a ${wanted === 'thing' ? 'class' : 'single thing'}`,
      })
  }
  const fields = event as unknown as Fields
  for (const name of instanceLists)
    for (const [i, value] of entries(fields[name])) look(value, `${path}/${name}/${i}`, 'thing')
  for (const name of quantityLists)
    for (const [i, value] of entries(fields[name]))
      look((value as Fields).epcClass, `${path}/${name}/${i}/epcClass`, 'class')
  for (const [name, id] of pairs)
    for (const [i, value] of entries(fields[name])) look((value as Fields)[id], `${path}/${name}/${i}/${id}`)
  look(fields.parentID, `${path}/parentID`)
  look(fields.transformationID, `${path}/transformationID`)
  for (const name of ['readPoint', 'bizLocation'] as const) look(event[name]?.id, `${path}/${name}/id`)
  event.sensorElementList?.forEach(({ sensorMetadata, sensorReport }, i) => {
    const at = `${path}/sensorElementList/${i}`
    for (const name of devices) {
      look(sensorMetadata?.[name], `${at}/sensorMetadata/${name}`)
      for (const [j, report] of sensorReport.entries()) look(report[name], `${at}/sensorReport/${j}/${name}`)
    }
  })
  return problems
}

interface Verdict {
  readonly problem: UriProblem | null
  /** Whether it names a class; null for what is no GS1 key, which is not judged. */
  readonly named: boolean | null
}

/** Classes, places, parties and documents come again and again. */
const verdicts = new Map<string, Verdict>()
const mostVerdicts = 10_000

function judge(uri: string): Verdict {
  const problem = uriProblem(uri)
  return { problem, named: problem ? null : namesClass(uri) }
}

function verdictOn(uri: string): Verdict {
  const known = verdicts.get(uri)
  if (known) return known
  const verdict = judge(uri)
  if (verdicts.size >= mostVerdicts) verdicts.clear()
  verdicts.set(uri, verdict)
  return verdict
}

const entries = (value: unknown): Iterable<[number, unknown]> => (Array.isArray(value) ? value.entries() : [])

/** Whether a well-formed key names a class; null for what is no GS1 key, which is not judged. */
function namesClass(uri: string): boolean | null {
  if (uri.startsWith('urn:epc:')) {
    const epc = parseEpc(uri)
    return epc.ok ? isClass(epc.value) : null
  }
  const link = canonicalUri(uri)
  if (!link) return null
  const [, , , ai, value, qualifier] = link.split('/')
  if (ai === '01' || ai === '8006') return qualifier === undefined || qualifier === '10'
  if (ai === '8010') return qualifier === undefined
  const digits = { '253': 13, '255': 13, '8003': 14 }[ai!]
  return digits !== undefined && value!.length === digits
}
