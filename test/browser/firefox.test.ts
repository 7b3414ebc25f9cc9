import { describe } from 'vitest'
import { findFirefox } from '../tools/firefox.mjs'
import { cases } from './other/cases.ts'
import { launchFirefox } from './other/firefox.ts'

const found = findFirefox()

// once more: on a machine that is busy a click of this driver now and then misses what is still moving
describe.skipIf(!found)(found ? 'Firefox' : 'Firefox (none on this machine)', { retry: 1 }, () => {
  cases(() => launchFirefox(found ?? ''), { keeps: true })
})
