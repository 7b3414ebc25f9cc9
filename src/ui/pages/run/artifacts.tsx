import { createMemo, For, Show } from 'solid-js'
import { formatWhen } from '../../../compute/alert-list.ts'
import { linksOf } from '../../../compute/artifact-links.ts'
import { labelOf } from '../../../compute/artifact-list.ts'
import { formatBytes } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { createArtifacts } from '../../../state/pages/artifacts.ts'
import { ARTIFACTS } from '../ids.ts'
import type { RunModel } from './model.ts'
import { RunSection } from './section.tsx'

interface Line {
  what: 'made' | 'used'
  label: string
  type: string
  bytes: number
  created: number
}

/** Versions of artifacts that the run made and used, each with its way there. */
export function RunArtifacts(props: { model: RunModel }) {
  const { ask, data, location, preferences, sources } = useApp()
  const artifacts = createArtifacts({
    ...{ ask, project: sources.asked, data },
    live: () => Boolean(sources.source()?.info.live),
    wanted: () => (props.model.beside()?.artifacts ?? 0) > 0,
  })
  const lines = createMemo((): Line[] => {
    const [all, run] = [artifacts.all(), props.model.key()]
    if (!all || run === undefined) return []
    const { made, used, foreign } = linksOf(all).ofRun(run)
    const byKey = new Map(
      all.artifacts.flatMap((artifact) =>
        artifact.versions.map((version) => [version.key, { artifact, version }] as const),
      ),
    )
    const of = (what: Line['what'], keys: readonly string[]): Line[] =>
      keys.flatMap((key): Line[] => {
        const one = byKey.get(key)
        if (!one) return []
        const { bytes, created } = one.version
        return [{ what, label: labelOf(all, one), type: one.artifact.type, bytes, created }]
      })
    return [
      ...of('made', made),
      ...of('used', used),
      ...foreign.map(
        ({ source, artifact, version, type, bytes }): Line => ({
          what: 'used',
          label: `${source}/${artifact}:v${version}`,
          ...{ type, bytes, created: Number.NaN },
        }),
      ),
    ]
  })
  const open = (own: Record<string, string>): void =>
    location.patch({ page: ARTIFACTS, own: { ...location.view().own, [ARTIFACTS]: own } })
  return (
    <RunSection
      place="artifacts"
      title="Artifacts"
      note={formatCount(lines().length || (props.model.beside()?.artifacts ?? 0))}
      tools={
        <button type="button" class="link-button" onClick={() => open({ run: props.model.key() ?? '' })}>
          Open Artifacts
        </button>
      }
    >
      <ul class="run-artifacts">
        <For each={lines()}>
          {(line) => (
            <li>
              <span class="what">{line.what}</span>
              <button type="button" class="link-button" onClick={() => open({ of: line.label })}>
                <bdi>{visibleName(line.label)}</bdi>
              </button>
              <span class="type">{visibleName(line.type)}</span>
              <span class="number">{formatBytes(line.bytes)}</span>
              <time>{formatWhen(line.created, Date.now(), preferences.value().timeZone)}</time>
            </li>
          )}
        </For>
      </ul>
      <Show when={artifacts.status().kind === 'failed'}>
        <p class="run-none" role="alert">
          Could not read the artifacts
        </p>
      </Show>
    </RunSection>
  )
}
