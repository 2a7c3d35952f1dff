/** @jsxImportSource preact */
import { render } from 'preact'
import '../device/base.css'
import './cold.css'
import { start } from './session.ts'
import { App } from './shell/App.tsx'

const root = document.getElementById('root')
if (root) {
  root.textContent = ''
  render(<App />, root)
  void start()
}
