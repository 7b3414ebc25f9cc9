import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { LineageNode } from '../../../model/lineage.ts'

/** `grpo:v7`, or the name of a run; of another project with its name. */
export function titleOf(node: LineageNode, project?: string | undefined): string {
  const name = node.kind === 'run' ? node.name || node.id || 'a run' : `${node.artifact}:v${node.version}`
  return node.project === project || project === undefined ? name : `${node.project}/${name}`
}

/** The same with the names that it has. */
export function labelOf(node: LineageNode, project: string): string {
  const named = node.kind === 'version' && node.aliases.length > 0 ? ` (${node.aliases.join(', ')})` : ''
  return titleOf(node, project) + named
}

/** What a node says below its name. */
export function detailOf(node: LineageNode, steps: number | undefined): string {
  if (node.kind === 'version')
    return node.missing === 'deleted'
      ? 'not there any more'
      : node.files === 0 && node.references > 0
        ? formatPlural(node.references, 'reference')
        : formatBytes(node.bytes)
  if (node.missing === 'deleted') return 'run, not listed'
  return steps === undefined ? 'run' : `run, ${formatPlural(steps, 'step')}`
}

/** Several like nodes in two lines: how many of what, and which. */
export function foldWords(members: readonly LineageNode[]): [title: string, detail: string] {
  const [first] = members
  if (!first) return ['', '']
  if (first.kind === 'version') {
    const numbers = members.flatMap((node) => (node.kind === 'version' ? [node.version] : []))
    const names = numbers.sort((a, b) => a - b).map((number) => `v${number}`)
    return [formatPlural(members.length, 'version'), `${first.artifact} ${few(names)}`]
  }
  const names = members.map((node) => titleOf(node))
  const shared = sharedStart(names)
  return [formatPlural(members.length, 'run'), shared.length >= 3 ? `${shared}*` : few(names)]
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ')
  return names.length > 4 ? `${shown}, …` : shown
}

function sharedStart(names: readonly string[]): string {
  let [start = ''] = names
  for (const name of names) while (!name.startsWith(start)) start = start.slice(0, -1)
  return start
}

/** One name in words for those who hear it. */
export function nodeWords(title: string, node: LineageNode, from: number, of: number): string {
  const what = node.kind === 'run' ? 'run' : node.type || 'version'
  const aliases = node.kind === 'version' && node.aliases.length > 0 ? `, ${node.aliases.join(', ')}` : ''
  return `${visibleName(title)}, ${what}${aliases}, made from ${from}, ${of} made of it`
}
