import { type Accessor, createSignal, onCleanup } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { formatBytesOf } from '../../compute/format.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { FileLook, FileRead, FileRef, JsonNode } from '../../model/file.ts'
import type { Notice } from '../../model/source.ts'

/** Members that are shown of an object or list at once. */
const PAGE = 100

/** A row of the tree: a value, or that there are more of them. */
export type JsonRow =
  | { kind: 'node'; key: string; node: JsonNode; level: number; index: number; open: boolean | undefined }
  | { kind: 'more'; key: string; of: JsonNode; level: number; shown: number; total: number }

export interface FileJson {
  rows: Accessor<readonly JsonRow[]>
  toggle(row: JsonRow, open: boolean): void
  /** The next members of an object or list. */
  more(row: JsonRow): void
  read: Accessor<FileRead>
  failed: Accessor<Notice | undefined>
  /** In words, while it is read or gone through. */
  progress: Accessor<string | undefined>
  cancel(): void
  retry(): void
}

/** A JSON file as a tree; what is opened is gone through when it is. */
export function createFileJson(ask: EngineApi['ask'], file: FileRef, look: FileLook): FileJson {
  const [root, setRoot] = createSignal<JsonNode>()
  const [opened, setOpened] = createSignal<ReadonlyMap<number, { nodes: JsonNode[]; total: number }>>(
    new Map(),
  )
  const [read, setRead] = createSignal<FileRead>(look.read)
  const [failed, setFailed] = createSignal<Notice>()
  const [progress, setProgress] = createSignal<string>()
  let abort = new AbortController()
  onCleanup(() => abort.abort())

  async function part(
    from: number,
    first: number,
  ): Promise<{ nodes: JsonNode[]; total: number } | undefined> {
    setProgress('reading')
    const { signal } = abort
    const onProgress = ({ bytes, totalBytes }: { bytes: number; totalBytes: number }): void => {
      if (!signal.aborted) setProgress(`reading ${formatBytesOf(bytes, totalBytes)}`)
    }
    try {
      const found = await ask(
        'jsonPart',
        { file, encoding: look.encoding, from, first, count: PAGE },
        { signal, onProgress },
      )
      setRead(found.read)
      setFailed(undefined)
      return found
    } catch (error) {
      if (!isAbort(error)) setFailed(noticeOf(error, file.path))
      return undefined
    } finally {
      if (!signal.aborted) setProgress(undefined)
    }
  }

  async function begin(): Promise<void> {
    const node = (await part(-1, 0))?.nodes[0]
    if (!node) return
    setRoot(node)
    if (isContainer(node)) await open(node)
  }

  async function open(node: JsonNode): Promise<void> {
    const known = opened().get(node.from)
    const found = await part(node.from, known?.nodes.length ?? 0)
    if (found)
      setOpened((before) =>
        new Map(before).set(node.from, {
          nodes: [...(known?.nodes ?? []), ...found.nodes],
          total: found.total,
        }),
      )
  }

  void begin()
  return {
    rows: () => rowsOf(root(), opened()),
    toggle(row, wanted) {
      if (row.kind !== 'node') return
      if (wanted) void open(row.node)
      else {
        const next = new Map(opened())
        next.delete(row.node.from)
        setOpened(next)
      }
    },
    more(row) {
      if (row.kind === 'more') void open(row.of)
    },
    read,
    failed,
    progress,
    cancel() {
      abort.abort()
      abort = new AbortController()
      setProgress(undefined)
      if (!root()) setFailed({ level: 'info', subject: file.path, text: 'reading was stopped' })
    },
    retry() {
      setFailed(undefined)
      void begin()
    },
  }
}

export function isContainer({ kind }: JsonNode): boolean {
  return kind === 'object' || kind === 'array'
}

/** From top to bottom; as deep as the file is, so this calls nothing again. */
function rowsOf(
  root: JsonNode | undefined,
  opened: ReadonlyMap<number, { nodes: JsonNode[]; total: number }>,
): JsonRow[] {
  if (!root) return []
  const rows: JsonRow[] = []
  type Next = { node: JsonNode; level: number; index: number } | JsonRow
  const way: Next[] = [{ node: root, level: 0, index: -1 }]
  for (let next = way.pop(); next; next = way.pop()) {
    if ('kind' in next) {
      rows.push(next)
      continue
    }
    const { node, level, index } = next
    const members = opened.get(node.from)
    const open = isContainer(node) && node.count > 0 ? members !== undefined : undefined
    rows.push({ kind: 'node', key: String(node.from), node, level, index, open })
    if (!members || !isContainer(node)) continue
    const { nodes, total } = members
    if (nodes.length < total)
      way.push({
        kind: 'more',
        key: `${node.from} more`,
        of: node,
        level: level + 1,
        shown: nodes.length,
        total,
      })
    for (let i = nodes.length - 1; i >= 0; i--)
      way.push({ node: nodes[i] as JsonNode, level: level + 1, index: i })
  }
  return rows
}
