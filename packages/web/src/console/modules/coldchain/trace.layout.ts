import type { TraceRows } from '@vigil/contract'

/** A lot at a holder. */
export interface TraceNode {
  readonly key: string
  readonly lotId: string
  readonly holder: string
  /** Grams on hand there now. */
  readonly grams: number
  /** Steps from where it begins, and place among those of the same step. */
  readonly column: number
  readonly row: number
}

/** A way from holder to holder, or what was made of what. */
export interface TraceEdge {
  readonly from: string
  readonly to: string
  readonly grams: number
  readonly kind: 'sent' | 'on the way' | 'made'
}

export interface TraceDrawing {
  readonly nodes: readonly TraceNode[]
  readonly edges: readonly TraceEdge[]
  /** Nodes that are not drawn because there are too many. */
  readonly left: number
}

const keyOf = (lotId: string, holder: string) => `${lotId} ${holder}`

/** Ways between the same two are one, with their grams summed. */
function joined(edges: readonly TraceEdge[]): TraceEdge[] {
  const byKey = new Map<string, TraceEdge>()
  for (const edge of edges) {
    const key = `${edge.kind} ${edge.from} ${edge.to}`
    const known = byKey.get(key)
    byKey.set(key, known ? { ...edge, grams: known.grams + edge.grams } : edge)
  }
  return [...byKey.values()]
}

function edgesOf({ lots, flows, dispatches }: Pick<TraceRows, 'lots' | 'flows' | 'dispatches'>): TraceEdge[] {
  const stationOf = new Map(lots.map(({ id, holderName }) => [id, holderName]))
  return joined([
    ...dispatches.map(
      ({ lotId, fromName, toName, grams, received }): TraceEdge => ({
        ...{ from: keyOf(lotId, fromName), to: keyOf(lotId, toName), grams },
        kind: received ? 'sent' : 'on the way',
      }),
    ),
    // What is made is made where the new lot begins.
    ...flows.map(({ from, to, grams }): TraceEdge => {
      const station = stationOf.get(to) ?? ''
      return { from: keyOf(from, station), to: keyOf(to, station), grams, kind: 'made' }
    }),
  ])
}

/** Column of each node: one behind the furthest that leads to it. What goes in a circle (returned goods) stays where it was first met. */
function columnsOf(keys: readonly string[], edges: readonly TraceEdge[]): Map<string, number> {
  const next = Map.groupBy(edges, ({ from }) => from)
  const columns = new Map<string, number>()
  const visit = (key: string, column: number, above: ReadonlySet<string>): void => {
    if (above.has(key) || (columns.get(key) ?? -1) >= column) return
    columns.set(key, column)
    for (const { to } of next.get(key) ?? []) visit(to, column + 1, new Set([...above, key]))
  }
  const reached = new Set(edges.map(({ to }) => to))
  for (const key of keys) if (!reached.has(key)) visit(key, 0, new Set())
  for (const key of keys) if (!columns.has(key)) visit(key, 0, new Set())
  return columns
}

/** A trace as boxes in columns and the ways between them. @param most boxes that are drawn */
export function drawTrace(trace: Pick<TraceRows, 'lots' | 'flows' | 'dispatches'>, most = 120): TraceDrawing {
  const held = new Map<string, { readonly lotId: string; readonly holder: string; readonly grams: number }>()
  const put = (lotId: string, holder: string, grams = 0) => {
    const key = keyOf(lotId, holder)
    if (!held.has(key) || grams > 0) held.set(key, { lotId, holder, grams })
  }
  for (const { id, holderName, balances } of trace.lots) {
    put(id, holderName)
    for (const { holderName: holder, grams } of balances) put(id, holder, grams)
  }
  for (const { lotId, fromName, toName } of trace.dispatches) {
    put(lotId, fromName)
    put(lotId, toName)
  }
  const known = new Set(trace.lots.map(({ id }) => id))
  const drawn = [...held].filter(([, { lotId }]) => known.has(lotId)).slice(0, most)
  const keys = new Set(drawn.map(([key]) => key))
  const edges = edgesOf(trace).filter(({ from, to }) => keys.has(from) && keys.has(to))
  const columns = columnsOf([...keys], edges)
  const rows = new Map<number, number>()
  const nodes = drawn.map(([key, node]): TraceNode => {
    const column = columns.get(key) ?? 0
    const row = rows.get(column) ?? 0
    rows.set(column, row + 1)
    return { ...node, key, column, row }
  })
  return { nodes, edges, left: held.size - nodes.length }
}
