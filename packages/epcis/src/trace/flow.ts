import { apportion } from './apportion.ts'
import type { TraceGraph, Transformation } from './graph.ts'
import type { Part } from './step.ts'

/** What the records do not bear out. `mass` in grams: how much too much, where it is known. */
export interface FlowProblem {
  readonly rule: 'overdrawn' | 'mass-created' | 'unweighed'
  readonly thing: string
  readonly ids: readonly string[]
  readonly grams: number | null
}

/** Where the grams of a lot are: they sum to `total`. */
export interface Flow {
  readonly total: number
  /** Grams of the lot in each thing that it went into and that was not itself used up further, the lot among them. */
  readonly grams: ReadonlyMap<string, number>
  /** Lost between inputs and outputs, by transformation. */
  readonly lost: readonly { readonly ids: readonly string[]; readonly grams: number }[]
  readonly problems: readonly FlowProblem[]
}

interface Stock {
  /** Grams there are, and of them grams of the lot. */
  all: number
  own: number
}

/**
 * Follows a lot of `total` grams through every transformation in order of time. Each output holds the lot in the proportion in which it went in,
 * in whole grams: nothing is lost or made by rounding. A transformation whose masses are not all known, or that gives out more than it took, is
 * reported, and what it took of the lot counts as lost there.
 */
export function flowOf(graph: TraceGraph, lot: string, total: number): Flow {
  const stocks = new Map<string, Stock>([[lot, { all: total, own: total }]])
  const lost: { ids: readonly string[]; grams: number }[] = []
  const problems: FlowProblem[] = []
  for (const each of inOrder(graph, lot)) {
    const taken = take(each, stocks, problems)
    if (taken === 0) {
      give(
        each,
        each.outputs.map(() => 0),
        stocks,
      )
      continue
    }
    const parts = share(each, taken, problems)
    give(each, parts.outputs, stocks)
    if (parts.lost > 0) lost.push({ ids: each.ids, grams: parts.lost })
  }
  const grams = new Map([...stocks].filter(([, { own }]) => own > 0).map(([thing, { own }]) => [thing, own]))
  return { total, grams, lost, problems }
}

/** Transformations downstream of the lot, and those that make what it is mixed with, in order of time. */
function inOrder(graph: TraceGraph, lot: string): Transformation[] {
  const wanted = new Set<Transformation>()
  const open = [lot]
  const seen = new Set(open)
  for (let thing = open.pop(); thing !== undefined; thing = open.pop()) {
    if (thing !== lot) for (const each of graph.madeIn.get(thing) ?? []) wanted.add(each)
    for (const each of graph.consumedIn.get(thing) ?? []) {
      wanted.add(each)
      for (const { uri } of each.outputs) {
        if (seen.has(uri)) continue
        seen.add(uri)
        open.push(uri)
      }
    }
  }
  return graph.transformations.filter((each) => wanted.has(each))
}

/** Takes the inputs out of stock; answers grams of the lot among them. */
function take({ inputs, ids }: Transformation, stocks: Map<string, Stock>, problems: FlowProblem[]): number {
  let taken = 0
  for (const { uri, grams } of inputs) {
    const stock = stocks.get(uri)
    if (!stock || stock.own === 0) {
      if (stock && grams !== null) stock.all = Math.max(0, stock.all - grams)
      continue
    }
    if (grams === null) problems.push({ rule: 'unweighed', thing: uri, ids, grams: null })
    if (grams !== null && grams > stock.all)
      problems.push({ rule: 'overdrawn', thing: uri, ids, grams: grams - stock.all })
    const used = Math.min(grams ?? stock.all, stock.all)
    const [own] = apportion(stock.own, [used, stock.all - used]) as [number, number]
    stock.all -= used
    stock.own -= own
    taken += own
  }
  return taken
}

/** Splits what was taken over the outputs and the loss. */
function share(
  { inputs, outputs, ids }: Transformation,
  taken: number,
  problems: FlowProblem[],
): { outputs: number[]; lost: number } {
  const sum = (parts: readonly Part[]) => parts.reduce((all, { grams }) => all + (grams ?? 0), 0)
  const unweighed = outputs.filter(({ grams }) => grams === null)
  const left = sum(inputs) - sum(outputs)
  for (const { uri } of unweighed) problems.push({ rule: 'unweighed', thing: uri, ids, grams: null })
  const known = inputs.every(({ grams }) => grams !== null)
  if (known && left < 0) problems.push({ rule: 'mass-created', thing: outputs[0]!.uri, ids, grams: -left })
  if (unweighed.length > 0 || (known && left < 0)) return { outputs: outputs.map(() => 0), lost: taken }
  const parts = apportion(taken, [...outputs.map(({ grams }) => grams!), Math.max(0, left)])
  return { outputs: parts.slice(0, -1), lost: parts.at(-1)! }
}

function give({ outputs }: Transformation, own: readonly number[], stocks: Map<string, Stock>): void {
  outputs.forEach(({ uri, grams }, i) => {
    const stock = stocks.get(uri) ?? { all: 0, own: 0 }
    stock.all += grams ?? 0
    stock.own += own[i]!
    stocks.set(uri, stock)
  })
}
