/** @jsxImportSource preact */
import { render } from 'preact'
import '../device/base.css'
import './counter.css'
import { t } from '../text.ts'
import { startCounter } from './app/counter.ts'
import { App } from './ui/App.tsx'

const root = document.getElementById('root')
if (root)
  void startCounter(location.pathname).then(
    (counter) => {
      root.textContent = ''
      render(<App counter={counter} />, root)
    },
    () => {
      root.textContent = t('登记页没有打开，请刷新重试；仍不行请更新浏览器。')
    },
  )
