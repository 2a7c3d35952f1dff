/** @jsxImportSource preact */
export default function TradePage() {
  return null
}
