import { endingOf } from '../../../compute/media-payload.ts'
import type { FileLook } from '../../../model/file.ts'
import type { TableFileKind } from '../../../model/logged-table.ts'

export type FileView = 'table' | 'text' | 'tree' | 'page' | 'picture' | 'header' | 'hex'

const WORDS: Record<FileView, string> = {
  table: 'Table',
  text: 'Text',
  tree: 'Tree',
  page: 'Page',
  picture: 'View',
  header: 'Header',
  hex: 'Bytes',
}

/** How a file can be looked at, the best way first. A large tree is one only when somebody asks. */
export function viewsOf({ kind, size, far }: FileLook, name: string): FileView[] {
  switch (kind) {
    case 'empty':
      return []
    case 'json':
      return size > (far ? 8 << 20 : 64 << 20) ? ['text', 'tree', 'hex'] : ['tree', 'text', 'hex']
    case 'csv':
    case 'tsv':
    case 'jsonl':
      return ['table', 'text', 'hex']
    case 'parquet':
    case 'sqlite':
      return ['table', 'header', 'hex']
    case 'markdown':
    case 'html':
      return ['page', 'text', 'hex']
    case 'tensors':
    case 'archive':
      return ['header', 'hex']
    case 'image':
      return endingOf(name) === 'svg' ? ['picture', 'text', 'hex'] : ['picture', 'hex']
    case 'video':
    case 'audio':
      return ['picture', 'hex']
    case 'text':
      return ['text', 'hex']
    case 'binary':
      return ['hex']
  }
}

export function viewWords(view: FileView, { kind, header }: FileLook): string {
  if (view !== 'header') return WORDS[view]
  if (header?.kind === 'parquet' || kind === 'sqlite') return 'Schema'
  return header?.kind === 'archive' ? 'Contents' : 'Tensors'
}

export function tableKind({ kind }: FileLook): TableFileKind | undefined {
  return kind === 'csv' || kind === 'tsv' || kind === 'jsonl' || kind === 'parquet' || kind === 'sqlite'
    ? kind
    : undefined
}

const KINDS: Record<FileLook['kind'], string> = {
  empty: 'empty',
  text: 'text',
  json: 'JSON',
  markdown: 'Markdown',
  html: 'HTML',
  csv: 'CSV',
  tsv: 'TSV',
  jsonl: 'JSON lines',
  parquet: 'Parquet',
  sqlite: 'SQLite',
  tensors: 'tensors',
  archive: 'archive',
  image: 'image',
  video: 'video',
  audio: 'audio',
  binary: 'binary',
}
const ENCODINGS = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16, big end first' }

/** `text, UTF-8`, `safetensors`. */
export function kindWords({ kind, encoding, mark, header }: FileLook): string {
  if (header?.kind === 'tensors' || header?.kind === 'archive') return header.format
  const plain = KINDS[kind]
  const isText = ['text', 'json', 'markdown', 'html', 'csv', 'tsv', 'jsonl'].includes(kind)
  if (!isText) return plain
  return `${plain}, ${ENCODINGS[encoding]}${mark > 0 ? ' with a byte order mark' : ''}`
}
