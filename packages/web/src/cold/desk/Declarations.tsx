/** @jsxImportSource preact */
export default function Declarations() {
  return null
}
