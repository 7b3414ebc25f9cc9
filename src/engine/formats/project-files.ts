/** The part of a tree that is one project: what a format claims of a listing, and opens as one. */
export interface ProjectFiles {
  /** Id of the format that claimed them. */
  format: string
  /** Of its main file, within its tree; tells it from the other projects of the tree. */
  path: string
  /** As trackio lists it; undefined where only reading tells. */
  project: string | undefined
  /** Folder of its media, ending in `/`; media are looked for below it. */
  media: string
  /**
   * The same for files of another format that hold the same project: one of the two is shown. Undefined where
   * no others do.
   */
  rival?: string | undefined
}

/** `runs/nanogpt.db` → `nanogpt`. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.replace(/(?<=.)\.[^.]*$/, '')
}
