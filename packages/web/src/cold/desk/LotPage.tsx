/** @jsxImportSource preact */
export default function LotPage() {
  return null
}
