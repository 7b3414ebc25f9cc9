import { For } from 'solid-js'
import type { ViewLocation } from '../../state/address/location.ts'
import { useApp } from '../../state/app.ts'
import type { Sources } from '../../state/sources/sources.ts'
import { ARTIFACTS, LINEAGE, REGISTRIES } from './artifact-pages.ts'

const VIEWS = [
  { page: ARTIFACTS, label: 'Versions' },
  { page: LINEAGE, label: 'Lineage' },
  { page: REGISTRIES, label: 'Registries' },
] as const

/** Links between them, drawn as one of a few. */
export function ArtifactViews() {
  const { page, location } = useApp()
  return (
    <nav class="segmented" aria-label="Views of artifacts">
      <For each={VIEWS}>
        {({ page: id, label }) => (
          <a
            href={`#/${id}`}
            aria-current={page() === id ? 'page' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              location.patch({ page: id })
            }}
          >
            {label}
          </a>
        )}
      </For>
    </nav>
  )
}

/** Goes to a page of another project, or of this one, with what it should show. */
export function goTo(
  { sources, location }: { sources: Sources; location: ViewLocation },
  page: string,
  own: Record<string, string>,
  project?: string | undefined,
): void {
  if (project !== undefined && project !== sources.project()?.id) sources.select(project)
  location.patch({ page, own: { ...location.view().own, [page]: own } })
}
