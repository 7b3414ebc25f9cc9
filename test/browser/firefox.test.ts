import { describe } from 'vitest'
import { findFirefox } from '../tools/firefox.mjs'
import { cases } from './other/cases.ts'
import { launchFirefox } from './other/firefox.ts'

const found = findFirefox()

describe.skipIf(!found)(found ? 'Firefox' : 'Firefox (none on this machine)', () => {
  cases(() => launchFirefox(found ?? ''), { keeps: true })
})
