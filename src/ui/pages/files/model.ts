import { createMemo, createSignal } from 'solid-js'
import { type FileNode, fileFilter, fileTree, foldersOf, treeRows } from '../../../compute/file-tree.ts'
import type { FileEntry } from '../../../model/file.ts'
import { membersOf } from '../../../model/source.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { withoutFile } from '../../common/files/own.ts'
import { FILES } from '../ids.ts'

export type FilesModel = ReturnType<typeof createFilesModel>

/** A project with no more saved files has all its folders open. */
const OPEN_MOST = 200

/** Which files there are, which of them is shown; the latter stands in the address. */
export function createFilesModel() {
  const { location, files, sources } = useApp()
  const own = createMemo((): Own => location.view().own[FILES] ?? {})
  const list = () => files()?.list()
  /** Of several projects, each has a folder of its own. */
  const entries = createMemo((): readonly FileEntry[] => {
    const all = list()?.files ?? []
    if (membersOf(sources.asked() ?? '').length < 2) return all
    const names = new Map(sources.projects().map(({ id, name }) => [id, name]))
    return all.map((entry) => ({
      ...entry,
      path: `${(names.get(entry.ref.project) ?? entry.ref.project).replaceAll('/', '_')}/${entry.path}`,
    }))
  })
  const saved = createMemo(() => entries().filter(({ part }) => part === 'saved'))
  const search = () => own().list ?? ''
  const matches = createMemo(() => {
    const filter = fileFilter(search())
    return filter && entries().filter(filter)
  })
  const tree = createMemo(() => fileTree(matches() ?? entries()))
  const wholeTree = createMemo(() => (matches() ? fileTree(entries()) : tree()))
  const [turned, setTurned] = createSignal<ReadonlyMap<string, boolean>>(new Map())
  const chosenFolders = createMemo(() => new Set(foldersOf(own().file ?? '')))
  function isOpen({ key, part }: FileNode): boolean {
    if (matches()) return true
    const said = turned().get(key)
    if (said !== undefined) return said
    if (chosenFolders().has(key)) return true
    return part === undefined && !key.startsWith('@') && saved().length <= OPEN_MOST
  }
  const rows = createMemo(() => treeRows(tree(), isOpen))
  const chosen = createMemo(() => {
    const key = own().file
    const node = key === undefined || key === '' ? undefined : wholeTree().byKey.get(key)
    return node?.entry && { key: node.key, entry: node.entry }
  })

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [FILES]: { ...before[FILES], ...change } } })
  }
  return {
    ...{ own, set, list, entries, saved, search, matches, rows, isOpen, chosen },
    /** A link names one that is not there. */
    lost: createMemo(() => {
      const key = own().file ?? ''
      return key !== '' && list() !== undefined && !chosen() ? key : undefined
    }),
    toggle({ key }: FileNode, open: boolean) {
      setTurned(new Map(turned()).set(key, open))
    },
    choose(key: string) {
      if (own().file === key) return
      const { own: before } = location.view()
      location.open({ own: { ...before, [FILES]: { ...before[FILES], ...withoutFile(), file: key } } })
    },
    close() {
      set({ ...withoutFile(), file: '' })
    },
  }
}
