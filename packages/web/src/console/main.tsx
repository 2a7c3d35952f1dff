import 'dayjs/locale/zh-cn'
import './console.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App, ConfigProvider } from 'antd'
import dayjs from 'dayjs'
import { createRoot } from 'react-dom/client'
import { watchActivity } from './kernel/activity.ts'
import { queryClient } from './kernel/query.ts'
import { router } from './router.tsx'
import { locale } from './ui/locale.ts'
import { theme } from './ui/theme.ts'

dayjs.locale('zh-cn')
watchActivity()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
// Whom motion makes unwell has asked the system for none.
const motion = !matchMedia('(prefers-reduced-motion: reduce)').matches
createRoot(root).render(
  <ConfigProvider
    locale={locale}
    theme={{ ...theme, token: { ...theme.token, motion } }}
    button={{ autoInsertSpace: false }}
  >
    <App>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </App>
  </ConfigProvider>,
)
