/** A figure with its name above and a word below. */
export function Figure({
  name,
  value,
  note,
}: {
  readonly name: string
  readonly value: string
  readonly note: string
}) {
  return (
    <div className="figure">
      <div className="figure-name">{name}</div>
      <div className="figure-value">{value}</div>
      <div className="figure-change">{note}</div>
    </div>
  )
}
