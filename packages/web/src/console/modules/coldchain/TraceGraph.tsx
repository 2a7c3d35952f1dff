import type { TraceRows } from '@vigil/contract'
import { useMemo } from 'react'
import { t } from '../../../text.ts'
import { drawTrace, type TraceEdge, type TraceNode } from './trace.layout.ts'
import { weight } from './words.ts'

const box = { width: 176, height: 58, between: 92, gap: 22 }
const left = (node: TraceNode) => node.column * (box.width + box.between) + 4
const top = (node: TraceNode) => node.row * (box.height + box.gap) + 4
const short = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

function Way({
  edge,
  from,
  to,
  lane,
}: {
  readonly edge: TraceEdge
  readonly from: TraceNode
  readonly to: TraceNode
  /** Several ways between the same two lie below one another. */
  readonly lane: number
}) {
  const down = box.height / 3 + lane * 22
  const [x1, y1] = [left(from) + box.width, top(from) + down]
  const [x2, y2] = [left(to), top(to) + down]
  const bend = Math.max(36, Math.abs(x2 - x1) / 2)
  const words = edge.kind === 'on the way' ? t('{mass} 在途', { mass: weight(edge.grams) }) : weight(edge.grams)
  return (
    <g className={`trace-way ${edge.kind === 'on the way' ? 'open' : edge.kind}`}>
      <path d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} markerEnd="url(#trace-arrow)" />
      <text x={(x1 + x2) / 2} y={(y1 + y2) / 2 - 5} textAnchor="middle">
        {words}
      </text>
    </g>
  )
}

/** Boxes of lots at holders, and how they went; a box opens its lot. The tables beside it say the same in words. */
export function TraceGraph({
  trace,
  chosen,
  onChoose,
}: {
  readonly trace: TraceRows
  readonly chosen: string
  readonly onChoose: (lotId: string) => void
}) {
  const { nodes, edges, left: hidden } = useMemo(() => drawTrace(trace), [trace])
  const byKey = new Map(nodes.map((node) => [node.key, node]))
  const lots = new Map(trace.lots.map((lot) => [lot.id, lot]))
  const width = Math.max(0, ...nodes.map(left)) + box.width + 8
  const height = Math.max(0, ...nodes.map(top)) + box.height + 8
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="trace-graph" aria-label={t('流向图')} tabIndex={0}>
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={t('{n} 个节点的流向图，内容见下方各表', { n: nodes.length })}
        >
          <defs>
            <marker
              id="trace-arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerUnits="userSpaceOnUse"
              markerWidth="9"
              markerHeight="9"
              orient="auto"
            >
              <path d="M0 0L8 4L0 8z" />
            </marker>
          </defs>
          {edges.map((edge, at) => (
            <Way
              key={`${edge.kind} ${edge.from} ${edge.to}`}
              edge={edge}
              from={byKey.get(edge.from)!}
              to={byKey.get(edge.to)!}
              lane={edges.slice(0, at).filter(({ from, to }) => from === edge.from && to === edge.to).length}
            />
          ))}
          {nodes.map((node) => {
            const lot = lots.get(node.lotId)!
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: the same
              <g
                key={node.key}
                className={`trace-box ${lot.gate} ${node.lotId === chosen ? 'chosen' : ''}`}
                transform={`translate(${left(node)} ${top(node)})`}
                onClick={() => onChoose(node.lotId)}
              >
                <title>{`${node.holder} · ${lot.goodsName} ${lot.lotNo}`}</title>
                <rect width={box.width} height={box.height} rx="6" />
                <text x="10" y="23" className="trace-holder">
                  {short(node.holder, 12)}
                </text>
                <text x="10" y="44">
                  {short(`${lot.goodsName} ${lot.lotNo}`, node.grams > 0 ? 11 : 20)}
                </text>
                {node.grams > 0 ? (
                  <text x={box.width - 8} y="44" textAnchor="end" className="trace-mass">
                    {weight(node.grams)}
                  </text>
                ) : null}
              </g>
            )
          })}
        </svg>
      </section>
      {hidden > 0 ? <p className="hint">{t('另有 {n} 个节点没有画出，见下方各表。', { n: hidden })}</p> : null}
    </>
  )
}
