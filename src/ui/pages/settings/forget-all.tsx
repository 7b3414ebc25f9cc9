import { createSignal, Show } from 'solid-js'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { TrackioError } from '../../../model/errors.ts'
import { useApp } from '../../../state/app.ts'
import type { Kept } from '../../../state/pages/kept.ts'
import { ChangeDialog } from '../../components/change-dialog.tsx'
import { useSettings } from './model.ts'
import { Row } from './row.tsx'

/** What no button here touches. */
const STAYS = 'Files on disk and remote data stay.'

/** Everything that this browser keeps for this page, after one question. */
export function ForgetAll(props: { kept: Kept; onDone(): void }) {
  const { preferences, handles, tokens } = useApp()
  const { say } = useSettings()
  const [asking, setAsking] = createSignal(false)
  const bytes = () => props.kept.places().reduce((sum, place) => sum + place.bytes, 0)
  const tracked = () => props.kept.places().filter(({ kind }) => kind === 'tracked').length
  const words = () =>
    `${formatBytes(bytes())} of ${formatPlural(props.kept.places().length, 'project or place', 'projects and places')}, all choices, names of what was opened, ${formatPlural(tokens.origins().length, 'token')}.`

  async function forget(): Promise<void> {
    const failed = await props.kept.forgetAll()
    preferences.clear()
    for (const origin of tokens.origins()) await tokens.set(origin, undefined)
    await handles.clear()
    props.onDone()
    if (failed.length > 0)
      throw new TrackioError('storage', `not all could be forgotten: ${failed.join('; ')}`, 'Try again.')
    say(`Everything here is forgotten. ${STAYS}`)
  }

  return (
    <Row
      of="everything"
      note={`${words()} ${STAYS}`}
      acts={
        <button
          type="button"
          class="button set-danger"
          aria-haspopup="dialog"
          onClick={() => setAsking(true)}
        >
          Forget everything here
        </button>
      }
    >
      <Show when={asking()}>
        <ChangeDialog
          title="Forget everything here"
          verb="Forget everything"
          question={
            <>
              {`Delete what this browser keeps for this page: ${words()} `}
              <Show when={tracked() > 0}>
                {`${formatPlural(tracked(), 'project')} logged here ${tracked() === 1 ? 'has' : 'have'} no other copy, unless you made one. `}
              </Show>
              {STAYS}
            </>
          }
          act={forget}
          onClose={() => setAsking(false)}
        />
      </Show>
    </Row>
  )
}
