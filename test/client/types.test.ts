import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTypes } from '../../build/tracking.ts'

// The types that are shipped with the tracking API: of src/entries/trackio.ts, and of what they name.

const root = join(import.meta.dirname, '..', '..')
let folder: string
let types: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trackio-types-'))
  types = join(folder, 'node_modules', 'trackio-lite')
  mkdirSync(types, { recursive: true })
  writeTypes(root, join(types, 'types'))
  writeFileSync(
    join(types, 'package.json'),
    '{"name":"trackio-lite","type":"module","types":"./types/trackio.d.ts"}',
  )
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('they compile in a project that is as strict as can be', {
  timeout: 60_000,
}, () => {
  const program = `import * as trackio from 'trackio-lite'
const again: trackio.InitOptions['resume'] = 'allow'
const run: trackio.Run = await trackio.init('p', { config: { lr: 1 }, resume: again })
run.log({ loss: 1 }, 3)
trackio.log({ image: new trackio.Image(new Blob([]), 'words'), again: trackio.Image(new Blob([])) })
trackio.log({ spread: trackio.Histogram([1, [2, 3n]], { numBins: 8 }) })
const picture: trackio.Image = trackio.Image(new Uint8Array(4), { width: 1, height: 1 })
const { rows, kept, delivery }: trackio.Finished = await trackio.finish()
const where: string = delivery?.state === 'sent' ? delivery.bucket : (delivery?.why ?? kept + rows.toFixed())
const [read] = await new trackio.Api().runs('p')
const points: Float64Array | undefined = (await read?.history(['loss']))?.['loss']?.values
const tokens: trackio.SyncOptions = { spaceId: 'ann/runs', signal: undefined }
export { picture, points, tokens, where }
// @ts-expect-error: no such option
trackio.init({ project: 'p', tags: [] })
// @ts-expect-error: called without new, it takes what its constructor takes
trackio.Image(42)
// @ts-expect-error: nor does this
trackio.Histogram(true)
`
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'main.ts'), program)
  const strict = [
    'strict',
    'exactOptionalPropertyTypes',
    'noUncheckedIndexedAccess',
    'noPropertyAccessFromIndexSignature',
    'noImplicitOverride',
    'verbatimModuleSyntax',
    'isolatedModules',
  ]
  const flags = [
    ...strict.map((flag) => `--${flag}`),
    '--skipLibCheck',
    'false',
    '--noEmit',
    '--ignoreConfig',
  ]
  const kind = ['--target', 'es2022', '--module', 'nodenext', '--types', '']
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const said = (() => {
    try {
      return execFileSync(process.execPath, [tsc, ...flags, ...kind, 'main.ts'], { cwd: folder }).toString()
    } catch (error) {
      return String(Reflect.get(Object(error), 'stdout'))
    }
  })()
  expect(said).toBe('')
})

test('none of them is any, and all they name are shipped', () => {
  for (const path of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.d.ts')) continue
    const text = readFileSync(join(types, path), 'utf8')
    const { program } = parseSync(path, text)
    expect(JSON.stringify(program).match(/"TSAnyKeyword"|"TSImportType"/g), path).toBeNull()
    expect(text.match(/['"]\.[^'"]*\.ts['"]/g), path).toBeNull()
  }
})

test('everything that the API exports says what it is, and so does each method', () => {
  const silent: string[] = []
  for (const [path, names] of exported()) {
    const text = readFileSync(join(types, 'types', path), 'utf8')
    const { program, comments } = parseSync(path, text)
    const explained = ({ start }: { start: number }): boolean =>
      comments.some(
        ({ value, end }) => value.startsWith('*') && end <= start && text.slice(end, start).trim() === '',
      )
    const seen = new Set<string>()
    for (const node of program.body) {
      const declared = node.type === 'ExportNamedDeclaration' ? node.declaration : null
      if (!declared) continue
      const name = nameOf(declared)
      if (names !== 'all' && !names.has(name)) continue
      // of several signatures the first is explained
      if (!explained(node) && !seen.has(name)) silent.push(`${path}: ${name}`)
      seen.add(name)
      if (declared.type !== 'ClassDeclaration') continue
      for (const member of declared.body.body) {
        const isOwn = 'key' in member && 'name' in member.key && member.key.name !== 'constructor'
        if (!isOwn || member.type === 'PropertyDefinition' || member.accessibility === 'protected') continue
        const method = nameOf(member.key)
        if (!explained(member)) silent.push(`${path}: ${name}.${method}`)
      }
    }
  }
  expect(silent).toEqual([])
})

/** What trackio.d.ts exports of each file, and of itself. */
function exported(): Map<string, Set<string> | 'all'> {
  const first = 'trackio.d.ts'
  const found = new Map<string, Set<string> | 'all'>([[first, 'all']])
  const { staticImports, staticExports } = parseSync(
    first,
    readFileSync(join(types, 'types', first), 'utf8'),
  ).module
  const entries = [
    ...staticImports.flatMap(({ moduleRequest, entries }) =>
      entries.map(({ importName }) => ({ moduleRequest, importName })),
    ),
    ...staticExports.flatMap(({ entries }) => entries),
  ]
  for (const { moduleRequest, importName } of entries) {
    if (!moduleRequest) continue
    const path = moduleRequest.value.replace('./', '').replace(/\.js$/, '.d.ts')
    const known = found.get(path) ?? new Set()
    if (importName.name === null || known === 'all') found.set(path, 'all')
    else found.set(path, known.add(importName.name))
  }
  return found
}

function nameOf(node: object): string {
  if ('declarations' in node && Array.isArray(node.declarations)) return nameOf(node.declarations[0].id)
  if ('id' in node && node.id) return nameOf(node.id)
  return 'name' in node ? String(node.name) : ''
}
