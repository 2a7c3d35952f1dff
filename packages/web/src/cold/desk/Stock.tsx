/** @jsxImportSource preact */
export default function Stock() {
  return null
}
