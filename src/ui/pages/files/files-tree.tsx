import { Show } from 'solid-js'
import type { FileNode } from '../../../compute/file-tree.ts'
import { formatBytes } from '../../../compute/format.ts'
import { endingOf, mediaType } from '../../../compute/media-payload.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { FilePart } from '../../../model/file.ts'
import { Icon, type IconName } from '../../components/icon.tsx'
import { TreeList } from '../../components/tree-list.tsx'
import type { FilesModel } from './model.ts'

const PARTS: Record<FilePart, string> = {
  saved: 'Saved files',
  data: 'Data of the project',
  media: 'Logged media',
  artifacts: 'Artifacts, by digest',
}

const ICONS: Record<string, IconName> = {
  ...{ csv: 'table', tsv: 'table', jsonl: 'table', ndjson: 'table', parquet: 'table' },
  ...{
    safetensors: 'box',
    npy: 'box',
    npz: 'box',
    gguf: 'box',
    pt: 'box',
    pth: 'box',
    ckpt: 'box',
    bin: 'box',
    zip: 'box',
  },
  ...{ db: 'db', sqlite: 'db', sqlite3: 'db' },
}

/** Folders and files with their sizes; of a folder the sum of those below it. */
export function FilesTree(props: { model: FilesModel; phone: boolean }) {
  const { model } = props
  return (
    <TreeList<FileNode>
      label="Files"
      rows={model.rows()}
      keyOf={({ key }) => key}
      levelOf={({ level }) => level}
      isOpen={(node) => (node.folder ? model.isOpen(node) : undefined)}
      isChosen={({ key }) => model.own().file === key}
      onToggle={model.toggle}
      onChoose={({ key }) => model.choose(key)}
      rowHeight={props.phone ? 44 : 28}
    >
      {(node) => (
        <>
          <Icon name={iconOf(node)} />
          <span class="tree-name" title={visibleName(node.name)}>
            <bdi>{node.part ? PARTS[node.part] : visibleName(node.name) || '(no name)'}</bdi>
          </span>
          <Show when={node.folder}>
            <span class="tree-count">{formatCount(node.count)}</span>
          </Show>
          <span class="gap" />
          <span class="tree-size">{node.size === undefined ? 'size unknown' : formatBytes(node.size)}</span>
        </>
      )}
    </TreeList>
  )
}

function iconOf({ folder, name, part }: FileNode): IconName {
  if (part || folder) return 'folder'
  return ICONS[endingOf(name)] ?? (mediaType(name).startsWith('image/') ? 'image' : 'file')
}
