/** @jsxImportSource preact */
export default function RecallPage() {
  return null
}
