import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'
import { parseSync } from 'vite'
import { afterBuild } from './after-build.ts'

/** Room with code that is no part of the page. */
const OUTSIDE = ['cli']

/**
 * Writes `licences.txt`: our own licence, and those of all packages that our code imports, themselves or through
 * others. More than the bundler keeps of them may be named, never less.
 */
export function licences(): Plugin {
  return afterBuild('licences', (root, folder) => {
    writeFileSync(join(folder, 'licences.txt'), licencesText(root))
  })
}

export function licencesText(root: string): string {
  const own = readFileSync(join(root, 'LICENSE'), 'utf8').trim()
  const parts = packagesOf(root).map(({ name, version, licence, text }) =>
    [`${name} ${version}`, licence, '', text].join('\n'),
  )
  return `Trackio Lite\n\n${own}\n\n${parts.map((part) => `${'-'.repeat(72)}\n\n${part}\n`).join('\n')}`
}

interface Package {
  name: string
  version: string
  licence: string
  text: string
}

export function packagesOf(root: string): Package[] {
  const found = new Map<string, Package>()
  const queue = [...importedPackages(join(root, 'src'))].map((name) => ({ name, from: root }))
  for (let next = queue.pop(); next; next = queue.pop()) {
    const folder = folderOf(next.name, next.from)
    if (!folder || found.has(folder)) continue
    const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    found.set(folder, {
      name: about.name,
      version: about.version,
      licence: typeof about.license === 'string' ? about.license : 'licence as below',
      text: textIn(folder),
    })
    for (const name of Object.keys(about.dependencies ?? {})) queue.push({ name, from: folder })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Packages that files of ours import, at once or later. */
function importedPackages(source: string): Set<string> {
  const names = new Set<string>()
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  for (const file of files) {
    if (!/\.tsx?$/.test(file) || OUTSIDE.includes(file.split(/[\\/]/)[0] ?? '')) continue
    const code = readFileSync(join(source, file), 'utf8')
    const { module } = parseSync(file, code)
    const wanted = [
      ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...module.staticExports.flatMap(({ entries }) =>
        entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
      ),
      ...module.dynamicImports.flatMap(
        ({ moduleRequest: { start, end } }) => /^['"`](.*)['"`]$/.exec(code.slice(start, end))?.[1] ?? [],
      ),
    ]
    for (const name of wanted) {
      const [, whole] = /^((?:@[^/]+\/)?[^./:][^/:]*)(?:\/|$)/.exec(name) ?? []
      if (whole) names.add(whole)
    }
  }
  return names
}

/** Where a package lies, as Node looks for it. */
function folderOf(name: string, from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name)
    if (existsSync(join(folder, 'package.json'))) return folder
    if (dirname(at) === at) return undefined
  }
}

function textIn(folder: string): string {
  const files = readdirSync(folder)
    .filter((name) => /^(licen[cs]e|notice|copying)/i.test(name))
    .sort()
  return files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n')
}
