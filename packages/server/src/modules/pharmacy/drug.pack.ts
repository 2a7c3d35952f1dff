import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import type { DrugPackLine } from '@vigil/contract'
import { pinyin } from 'pinyin-pro'
import type { Drug } from './drug.domain.ts'
import { plain, readings } from './drug.pinyin.ts'

interface Sound {
  readonly pinyin: string
  readonly initials: string
}

// Enough for every usual polyphone; the rest would only make the pack heavier.
const maxVariants = 3

/** The reading in context first, then those in which one character is read otherwise. */
function soundsOf(text: string): Sound[] {
  const chars = [...plain(text)]
  const spoken = pinyin(chars.join(''), { toneType: 'none', type: 'array', v: true }).map((each) => plain(each))
  const variants = [spoken]
  for (const [index, char] of chars.entries())
    for (const other of readings(char))
      if (other !== spoken[index] && variants.length < maxVariants) variants.push(spoken.with(index, other))
  return variants.map((syllables) => ({
    pinyin: syllables.join(''),
    initials: syllables.map((each) => each.charAt(0)).join(''),
  }))
}

/** Words that fit into `max` characters, each once. */
function joined(words: Iterable<string>, max: number): string {
  let text = ''
  for (const word of new Set(words)) {
    const longer = text ? `${text} ${word}` : word
    if (longer.length <= max) text = longer
  }
  return text
}

function lineOf(drug: Drug, sounds: (text: string) => Sound[]): DrugPackLine {
  const heard = [drug.generic, drug.brand].filter(Boolean).flatMap(sounds)
  return {
    id: drug.id,
    class: drug.class,
    name: drug.name.slice(0, 300),
    pinyin: joined(
      heard.map((each) => each.pinyin),
      400,
    ),
    initials: joined(
      heard.map((each) => each.initials),
      120,
    ),
    ean13: drug.ean13,
    tracePrefix: drug.tracePrefix,
  }
}

export interface DrugPack {
  /** Changes with the content only: equal catalogues have equal versions in every process. */
  readonly version: string
  readonly items: DrugPackLine[]
}

/** Makes the catalogue of active drugs for offline search, in order of id, without holding up other requests. */
export async function packDrugs(drugs: Iterable<Drug>): Promise<DrugPack> {
  const known = new Map<string, Sound[]>()
  const sounds = (text: string) => {
    const found = known.get(text) ?? soundsOf(text)
    known.set(text, found)
    return found
  }
  const items: DrugPackLine[] = []
  const hash = createHash('sha256')
  for (const drug of [...drugs].filter((each) => each.active).sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const line = lineOf(drug, sounds)
    hash.update(JSON.stringify(line))
    if (items.push(line) % 200 === 0) await breathe()
  }
  return { version: hash.digest('hex').slice(0, 32), items }
}
