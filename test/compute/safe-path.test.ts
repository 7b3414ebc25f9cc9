import { expect, test } from 'vitest'
import { safePath } from '../../src/compute/safe-path.ts'

test.each([
  // what trackio writes stays as it is
  ['demo/run-1/0/a.png', 'demo/run-1/0/a.png'],
  ['demo/run with/slash/ä #%?.png', 'demo/run with/slash/ä #%?.png'],
  ['demo/run-1/', 'demo/run-1/'],
  ['demo/.hidden/..b/c..', 'demo/.hidden/..b/c..'],
  ['', ''],
  // out of the folder
  ['../x', '_/x'],
  ['demo/../../x/./a.png', 'demo/_/_/x/_/a.png'],
  ['demo/..', 'demo/_'],
  ['.', '_'],
  ['/etc/passwd', '_/etc/passwd'],
  ['//host/share', '_/_/host/share'],
  ['demo//0/a.png', 'demo/_/0/a.png'],
  // trackio writes backslashes on Windows, and browsers take none in a name
  ['demo\\run-1\\0\\a.png', 'demo/run-1/0/a.png'],
  ['demo\\..\\..\\x', 'demo/_/_/x'],
  ['..\\x', '_/x'],
  ['\\\\host\\share', '_/_/host/share'],
  ['C:\\Windows\\x', 'C:/Windows/x'],
  // a zero ends a name for some systems, and is none for browsers
  ['demo/\0/a', 'demo/_/a'],
  ['demo/..\0/a\0.png', 'demo/.._/a_.png'],
  // these are names like others: nobody decodes them
  ['demo/%2e%2e/a', 'demo/%2e%2e/a'],
  ['demo/․․/a', 'demo/․․/a'],
  ['demo/ .. /a', 'demo/ .. /a'],
  ['demo/.../a', 'demo/.../a'],
])('%j is kept at %j', (path, kept) => {
  expect(safePath(path)).toBe(kept)
  expect(safePath(kept), 'a path that is safe already').toBe(kept)
})
