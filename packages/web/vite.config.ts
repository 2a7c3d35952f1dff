import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { offlineWorker } from './src/device/worker-plugin.ts'

// Entries that share nothing heavy: the console (React, Ant Design); counter, cold chain and public pages (Preact, for old phones).
export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    offlineWorker({ name: 'counter', page: '/c/', files: ['/counter.webmanifest'] }),
    offlineWorker({ name: 'cold', page: '/cold', files: [] }),
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome64', 'safari12'],
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: {
        console: resolve(import.meta.dirname, 'index.html'),
        cold: resolve(import.meta.dirname, 'cold.html'),
        counter: resolve(import.meta.dirname, 'counter.html'),
        public: resolve(import.meta.dirname, 'public.html'),
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
