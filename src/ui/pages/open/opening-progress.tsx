import { Show } from 'solid-js'
import { formatBytesOf } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { ProgressLine } from '../../components/progress-line.tsx'

/** What is being opened, how far it is, and a way to stop it. */
export function OpeningProgress() {
  const { sources } = useApp()
  const share = () => {
    const progress = sources.opening()?.progress
    return progress && progress.totalBytes > 0
      ? Math.min(100, (100 * progress.bytes) / progress.totalBytes)
      : undefined
  }
  const words = () => {
    const opening = sources.opening()
    if (!opening) return ''
    const { progress } = opening
    if (!progress) return opening.text
    return progress.totalBytes > 0
      ? `${progress.text} ${formatBytesOf(progress.bytes, progress.totalBytes)}`
      : progress.text
  }
  return (
    <Show when={sources.opening()}>
      {(opening) => (
        <div class="open-progress">
          {visibleName(words())}
          <ProgressLine label="Opening" share={share()} words={words()} />
          <button type="button" class="link-button" onClick={() => opening().cancel()}>
            Cancel
          </button>
        </div>
      )}
    </Show>
  )
}
