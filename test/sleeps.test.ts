import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/*
 * Nothing sleeps for as long as something may take: that is too short on a busy machine and too long on all
 * others. A test waits for a condition (`expect.poll`, `waitForFunction`), moves fake timers on, or lets what
 * is on its way happen (settle.ts). These may let time pass, each so often, because it is what they are about.
 */
const MAY: Record<string, [times: number, why: string]> = {
  'browser/changes-kills.test.ts': [1, 'a page is killed at a moment left to chance'],
  'browser/other/webkit.ts': [2, 'between two looks at a condition, over WebDriver'],
  'browser/server.ts': [1, 'a server that answers late'],
  'browser/soak.test.ts': [1, 'when the page lets go of a look at a log cannot be seen from outside'],
  'browser/tracking-kills.test.ts': [1, 'a tab is killed at a moment left to chance'],
  'browser/tracking-troubles.test.ts': [
    1,
    'the writer looks for its files every two seconds, and says nothing',
  ],
  'cli/attacks.test.ts': [1, 'memory that must not grow'],
  'python/python.ts': [1, 'between two looks at the lock of another process'],
  'ui/charts/fake-view.ts': [1, 'an engine that answers late'],
}

const SLEEP = /waitForTimeout\(|timers\/promises|Atomics\.wait\(|\b(\w+)\)? => (?:void )?setTimeout\(\1, /g

test('nothing sleeps, but for a few whose subject is time', () => {
  const found: Record<string, number> = {}
  for (const path of readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })) {
    const [folder = ''] = path.split(/[\\/]/)
    // measurements and scripts that make data have time as their subject
    if (!path.endsWith('.ts') || ['bench', 'make', 'fixtures'].includes(folder)) continue
    if (path === 'sleeps.test.ts') continue
    const times = readFileSync(join(import.meta.dirname, path), 'utf8').match(SLEEP)?.length ?? 0
    if (times > 0) found[path.replaceAll('\\', '/')] = times
  }
  expect(found).toEqual(Object.fromEntries(Object.entries(MAY).map(([path, [times]]) => [path, times])))
})
