import { afterAll, vi } from 'vitest'

// Code that is fetched while a test file ends would be refused, and stay so for the next files of its process.
afterAll(() => vi.dynamicImportSettled())
