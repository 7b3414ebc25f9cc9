import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'vite'

/**
 * Which of our own files a page or worker needs at once: what its entry imports, itself or through others. What
 * is behind an `import()` comes later, and so does what only such files import.
 *
 * They stay together in one chunk. The bundler would cut them into a chunk for each set of later chunks that
 * share them, and small chunks compress badly (4 kB of the budget in test/package.test.ts).
 *
 * Gives a test of module ids as the bundler has them (absolute paths). Files of packages count by what is
 * imported of them.
 */
export function neededAtOnce(entry: string): (id: string) => boolean {
  const own = new Set<string>()
  const packages = new Set<string>()
  const queue = [entry]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (own.has(path) || !existsSync(path)) continue
    own.add(path)
    for (const name of importedAtOnce(path)) {
      // the address of a worker is of this chunk (elsewhere it is not there yet when this one runs), its code is not
      if (name.includes('?')) own.add(join(dirname(path), name))
      else if (name.startsWith('.')) queue.push(join(dirname(path), name))
      else packages.add(name)
    }
  }
  // it starts what it imports: in the chunk of the others it would run before the addresses that it is given
  own.delete(entry)
  return (id) => {
    const path = id.split('?')[0] ?? ''
    if (own.has(id) || own.has(path)) return true
    if (!path.includes('/node_modules/')) return false
    // a package may have its module in its own folder: `papaparse/papaparse.js`
    const [, name = '', part = ''] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?:([^/]+)\/)?/.exec(path) ?? []
    // a folder that is an import of its own, `solid-js/store`, counts where it is imported
    const entry = part !== '' && isEntryOf(path, name, part) ? `${name}/${part}` : name
    return packages.has(entry)
  }
}

/** Whether a package may be imported by this folder of it. */
function isEntryOf(path: string, name: string, part: string): boolean {
  const root = path.slice(0, path.indexOf(`/node_modules/${name}/`) + `/node_modules/${name}`.length)
  const { exports = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.hasOwn(exports, `./${part}`)
}

/** Imports that are carried out: no types, no `import()`. */
function importedAtOnce(path: string): string[] {
  if (!/\.tsx?$/.test(path)) return []
  const { program, errors } = parseSync(path, readFileSync(path, 'utf8'))
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const names: string[] = []
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') {
      const typesOnly =
        node.importKind === 'type' ||
        (node.specifiers.length > 0 &&
          node.specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type'))
      if (!typesOnly) names.push(node.source.value)
    } else if (
      node.type === 'ExportAllDeclaration' ||
      (node.type === 'ExportNamedDeclaration' && node.source)
    ) {
      if (node.exportKind !== 'type' && node.source) names.push(node.source.value)
    }
  }
  return names
}
