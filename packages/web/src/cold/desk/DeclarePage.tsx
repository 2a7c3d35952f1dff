/** @jsxImportSource preact */
export default function DeclarePage() {
  return null
}
