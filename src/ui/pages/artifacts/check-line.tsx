import { Match, Show, Switch } from 'solid-js'
import type { OfArtifact } from '../../../compute/artifact-list.ts'
import { formatBytes, formatBytesOf, formatPlural } from '../../../compute/format.ts'
import { formatCount, formatDuration } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { VerifyProgress } from '../../../model/artifact.ts'
import type { Check } from '../../../state/pages/artifact-check.ts'
import { Icon } from '../../components/icon.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import type { ArtifactsModel } from './model.ts'

/** How far a check of stored files has come, and what it found: of this version, or of all. */
export function CheckLine(props: { model: ArtifactsModel; of: OfArtifact }) {
  const check = () => {
    const now = props.model.check.check()
    return now && (now.version === undefined || now.version === props.of.version.key) ? now : undefined
  }
  const elsewhere = () => {
    const now = props.model.check.check()
    return now?.state === 'going' && now !== check() ? now : undefined
  }
  return (
    <Show when={check() ?? elsewhere()}>
      {(now) => (
        <div class="artifact-check" classList={{ going: now().state === 'going' }}>
          <b>{headOf(now(), now() === elsewhere())}</b>
          <Show when={now().progress}>
            {(progress) => (
              <>
                <Show
                  when={now().state !== 'done'}
                  fallback={
                    <span>{`${formatPlural(progress().totalFiles, 'file')}, ${doneWords(progress())}`}</span>
                  }
                >
                  <span>{`${formatCount(progress().files)} of ${formatPlural(progress().totalFiles, 'file')}`}</span>
                  <span>{formatBytesOf(progress().bytes, progress().totalBytes)}</span>
                </Show>
                <Show when={now().state === 'going'}>
                  <span class="quiet">{rateOf(now())}</span>
                </Show>
              </>
            )}
          </Show>
          <Verdict of={now()} />
          <span class="gap" />
          <Switch>
            <Match when={now().state === 'going'}>
              <button type="button" class="text-button" onClick={() => props.model.check.cancel()}>
                Cancel
              </button>
              <ProgressLine
                label="Verifying"
                share={shareOf(now())}
                words={`${formatCount(now().progress?.files ?? 0)} of ${formatPlural(now().progress?.totalFiles ?? 0, 'file')}`}
              />
            </Match>
            <Match when={now().state === 'cancelled'}>
              <span class="quiet">What was read stays known</span>
            </Match>
          </Switch>
        </div>
      )}
    </Show>
  )
}

function headOf({ state, what, version }: Check, elsewhere: boolean): string {
  const of = elsewhere || version === undefined ? ` ${visibleName(what)}` : ''
  if (state === 'going') return `Verifying${of}`
  if (state === 'done') return `Verified${of}`
  return state === 'cancelled' ? `Cancelled${of && `:${of}`}` : `Could not verify${of}`
}

/** What was found: never colour alone. */
function Verdict(props: { of: Check }) {
  const read = () => props.of.same + props.of.differs
  return (
    <>
      <Show when={props.of.same > 0}>
        <span class="good">
          <Icon name="check" />
          {`${formatCount(props.of.same)} of ${formatCount(read())} agree`}
        </span>
      </Show>
      <Show when={props.of.differs > 0}>
        <span class="differs">{`${formatCount(props.of.differs)} ${props.of.differs === 1 ? 'differs' : 'differ'}`}</span>
      </Show>
      <Show when={props.of.missing > 0}>
        <span class="differs">{`${formatCount(props.of.missing)} missing`}</span>
      </Show>
      <Show when={props.of.failed > 0}>
        <span class="differs">{`${formatCount(props.of.failed)} could not be read`}</span>
      </Show>
      <Show when={props.of.notice}>
        {(notice) => <span class="differs">{visibleName(`${notice().subject}: ${notice().text}`)}</span>}
      </Show>
    </>
  )
}

function shareOf({ progress }: Check): number | undefined {
  return progress && progress.totalBytes > 0 ? (100 * progress.bytes) / progress.totalBytes : undefined
}

/** `3.44 GB in 8 s` */
function doneWords({ totalBytes, ms }: VerifyProgress): string {
  return `${formatBytes(totalBytes)} in ${ms < 1000 ? 'under a second' : formatDuration(Math.round(ms / 1000))}`
}

/** `412 MB a second, 4 s to go`; nothing in the first half of a second, which says little. */
function rateOf({ progress }: Check): string {
  if (!progress || progress.ms < 500 || progress.bytes === 0) return ''
  const rate = (1000 * progress.bytes) / progress.ms
  const left = (progress.totalBytes - progress.bytes) / rate
  return `${formatBytes(rate)} a second, ${formatDuration(Math.ceil(left))} to go`
}
