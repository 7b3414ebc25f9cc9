import type { KeptProject } from '../../model/library.ts'
import type { FileStore } from '../../storage/opfs/store.ts'
import type { Tree } from '../../storage/tree.ts'
import type { ProjectFiles } from '../formats/project-files.ts'

/** What a kept project's folder says of itself: the file that is written last. */
export interface Note {
  name: string
  /** As trackio lists it. */
  project: string
  from: string
  /** ms since 1970; NaN where it is not known. */
  kept: number
}

/** A kept project in its folder. */
export interface Shelf {
  /** Ends in `/`. */
  folder: string
  note: Note
  files: ProjectFiles
  kept: KeptProject
}

export const NOTE = 'kept.json'

export async function writeNote(store: FileStore, folder: string, note: Note): Promise<void> {
  const text = JSON.stringify({ version: 1, ...note, kept: new Date(note.kept || 0).toISOString() })
  await store.write(folder + NOTE, [new TextEncoder().encode(text)])
}

/**
 * The note of a folder. One that cannot be read must not hide the project: it then goes by the folder's name.
 */
export async function readNote(tree: Tree, folder: string): Promise<Note> {
  const fallback = folder.replace(/(-[0-9a-f]{8})?\/$/, '')
  let stored: unknown
  try {
    stored = JSON.parse(await (await tree.blob(folder + NOTE)).text())
  } catch (cause) {
    // garbled, which no write of ours leaves behind; what else can go wrong is met again when the project is
    // opened
    if (!(cause instanceof SyntaxError)) throw cause
  }
  const text = (key: string): string | undefined => {
    const value: unknown =
      stored !== null && typeof stored === 'object' ? Reflect.get(stored, key) : undefined
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  return {
    name: text('name') ?? fallback,
    project: text('project') ?? fallback,
    from: text('from') ?? '',
    kept: Date.parse(text('kept') ?? ''),
  }
}
