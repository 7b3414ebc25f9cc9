import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'
import { filesList } from './build/files-list.ts'

export default defineConfig({
  base: './', // the built site works from any sub-path
  plugins: [solid(), filesList()],
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['@sqlite.org/sqlite-wasm'] },
  // no preloading: the few chunks fetched later depend on nothing but what is there
  build: { target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 700, modulePreload: false },
  test: {
    environment: 'node', // vite-plugin-solid would ask for jsdom; the DOM is tested in real Chromium (test/browser)
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    env: { TZ: 'UTC' },
  },
})
