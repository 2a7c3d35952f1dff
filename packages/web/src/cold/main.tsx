/** @jsxImportSource preact */
import { render } from 'preact'
import '../device/base.css'
import './cold.css'
import { keepForOffline } from '../device/offline.ts'
import { path } from './router.ts'
import { start } from './session.ts'
import { App } from './shell/App.tsx'
import { openWork } from './warehouse/work.ts'

const root = document.getElementById('root')
if (root) {
  root.textContent = ''
  render(<App />, root)
  void start()
  openWork()
  keepForOffline('cold', '/cold', () => path.value === '/')
}
