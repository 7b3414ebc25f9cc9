import type { Stored } from './stored.ts'

/** What is kept for single projects, by name. */
export const PROJECT_PARTS = ['slots', 'pins', 'order', 'closed', 'opened', 'marks'] as const

/**
 * The same with records that hold by name only what was put into them: what a project called `constructor` has
 * is not what every other object has by that name.
 */
export function byOwnNames(stored: Stored): Stored {
  const parts = PROJECT_PARTS.map((part) => [part, Object.assign(Object.create(null), stored[part])])
  return { ...stored, ...Object.fromEntries(parts) }
}

/** The change that leaves nothing of a project. */
export function withoutProject(stored: Stored, name: string): Partial<Stored> {
  const change: Record<string, unknown> = {}
  for (const part of PROJECT_PARTS) {
    const { [name]: _, ...others } = stored[part]
    change[part] = others
  }
  return change
}
