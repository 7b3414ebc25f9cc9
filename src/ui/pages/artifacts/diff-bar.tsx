import { createMemo, For, Show } from 'solid-js'
import type { OfArtifact } from '../../../compute/artifact-list.ts'
import { formatBytes } from '../../../compute/format.ts'
import { SIGNS, type Sign } from '../../../compute/manifest-diff.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import { type ArtifactsModel, NONE } from './model.ts'

export const SIGN_WORDS: Record<Sign, string> = {
  changed: 'Changed',
  added: 'Added',
  removed: 'Removed',
  same: 'Same',
}

/** Which version this one is held against, how many lines of each sort there are, and their bytes. */
export function DiffBar(props: { model: ArtifactsModel; of: OfArtifact }) {
  const { model } = props
  const key = (): string | undefined => model.against()?.version.key
  const versions = createMemo(() => {
    const own = props.of.artifact.versions
      .filter((version) => version.key !== props.of.version.key)
      .map((version) => ({ artifact: props.of.artifact, version }))
    return own.map((one) => ({ value: one.version.key, text: `v${one.version.version}` }))
  })
  const others = createMemo(() =>
    (model.all()?.artifacts ?? [])
      .filter((artifact) => artifact.key !== props.of.artifact.key && artifact.versions.length > 0)
      .map((artifact) => ({
        label: visibleName(artifact.name),
        options: artifact.versions.map((version) => ({
          value: version.key,
          text: `${artifact.name}:v${version.version}`,
        })),
      })),
  )
  const options = () => [
    { value: '', text: versions().length + others().length === 0 ? 'no other version' : 'nothing' },
    ...versions(),
  ]
  const choose = (value: string): void => {
    const one = model.byKey().get(value)
    model.set({ to: one ? model.label(one) : NONE, show: '' })
  }
  const diff = () => (model.current() && model.other.current() ? model.diff() : undefined)
  const shows = createMemo(() => {
    const counts = diff()?.counts
    const total = diff()?.lines.length ?? 0
    return [
      { value: '', text: `All ${formatCount(total)}` },
      ...SIGNS.map((sign) => ({
        value: sign,
        text: `${SIGN_WORDS[sign]} ${formatCount(counts?.[sign] ?? 0)}`,
      })),
    ]
  })
  const failed = () => {
    const now = model.other.status()
    return model.against() && now.kind === 'failed' ? now.notice.text : undefined
  }
  return (
    <div class="artifact-diff">
      <span class="control">
        Against
        <Select label="Against" value={key() ?? ''} options={options()} groups={others()} onChange={choose} />
      </span>
      <Show when={failed()}>
        {(why) => <span class="differs" role="alert">{`Could not read it: ${why()}`}</span>}
      </Show>
      <Show when={diff()}>
        {(now) => (
          <>
            <Segmented
              label="Lines"
              value={model.own().show ?? ''}
              options={shows()}
              onChange={(show) => model.set({ show })}
            />
            <span class="bar" aria-hidden="true">
              <For each={SIGNS.filter((sign) => now().bytes[sign] > 0)}>
                {(sign) => <i class={sign} style={{ 'flex-grow': now().bytes[sign] }} />}
              </For>
            </span>
            <span class="quiet" title={sumWords(now().bytes, now().shared, now().files)}>
              {sumWords(now().bytes, now().shared, now().files)}
            </span>
          </>
        )}
      </Show>
    </div>
  )
}

/** `3.42 GB changed, 41 kB added, 34 MB the same; 1 % stored once for both` */
function sumWords(bytes: Record<Sign, number>, shared: number, files: number): string {
  const words: Record<Sign, string> = {
    changed: 'changed',
    added: 'added',
    removed: 'removed',
    same: 'the same',
  }
  const parts = SIGNS.filter((sign) => bytes[sign] > 0).map(
    (sign) => `${formatBytes(bytes[sign])} ${words[sign]}`,
  )
  const share = files > 0 ? Math.round((100 * shared) / files) : 0
  return `${parts.join(', ')}${shared > 0 ? `; ${share} % stored once for both` : ''}`
}
