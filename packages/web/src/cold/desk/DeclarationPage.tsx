/** @jsxImportSource preact */
export default function DeclarationPage() {
  return null
}
