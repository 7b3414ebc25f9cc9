import type { Stored } from './stored.ts'

/** What is kept for single projects, by name. */
export const PROJECT_PARTS = ['slots', 'pins', 'order', 'closed', 'opened', 'marks'] as const

/** The change that leaves nothing of a project. */
export function withoutProject(stored: Stored, name: string): Partial<Stored> {
  const change: Record<string, unknown> = {}
  for (const part of PROJECT_PARTS) {
    const { [name]: _, ...others } = stored[part]
    change[part] = others
  }
  return change
}
