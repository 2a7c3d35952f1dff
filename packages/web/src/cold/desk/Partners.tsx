/** @jsxImportSource preact */
export default function Partners() {
  return null
}
