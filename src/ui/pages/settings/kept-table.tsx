import { createSignal, For, Show } from 'solid-js'
import { formatWhen } from '../../../compute/alert-list.ts'
import { formatBytes } from '../../../compute/format.ts'
import { nameInText, visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import type { Kept, KeptPlace } from '../../../state/pages/kept.ts'
import { ChangeDialog } from '../../components/change-dialog.tsx'
import { focusBeside } from '../../components/focus.ts'
import { Name } from '../../components/name.tsx'
import { useSettings } from './model.ts'
import { Table } from './table.tsx'

const HEADS = [
  { text: 'project' },
  { text: 'source' },
  { text: 'size', number: true },
  { text: 'kept, or last read' },
]
const WHAT = { tracked: 'logged here', copy: 'copy', downloads: 'read from the Hub' } as const

/** Databases, copies and downloads, each with its size and how to forget it. */
export function KeptTable(props: { kept: Kept }) {
  const { preferences, sources } = useApp()
  const { say } = useSettings()
  const [asked, setAsked] = createSignal<{ place: KeptPlace; row: Element | null }>()
  const nameOf = (place: KeptPlace) => place.name || 'Read before places were noted'
  const isOpen = ({ kind, name }: KeptPlace) =>
    sources
      .list()
      .some((source) =>
        kind === 'tracked'
          ? source.kind === 'tracked'
          : kind === 'copy'
            ? source.kind === 'kept' && source.info.name === name
            : !source.info.local && `/${name}`.endsWith(`/${source.info.name}`),
      )
  const when = (place: KeptPlace) =>
    isOpen(place) ? 'open now' : formatWhen(place.at, Date.now(), preferences.value().timeZone) || '–'

  async function forget(place: KeptPlace): Promise<void> {
    await props.kept.forget(place)
    say(`${nameInText(nameOf(place))} is forgotten, ${formatBytes(place.bytes)} are free again`)
  }

  /** Told once more by a dialog that goes. */
  function close(done: boolean): void {
    const row = asked()?.row
    setAsked(undefined)
    if (done && row && !focusBeside(row, 'button')) document.getElementById('set-storage-title')?.focus()
  }

  return (
    <Show when={props.kept.places().length > 0}>
      <Table label="Kept in this browser" heads={HEADS} act="Forget">
        <For each={props.kept.places()}>
          {(place) => (
            <tr data-kept={place.id}>
              <th scope="row" title={visibleName(nameOf(place))}>
                <Name of={nameOf(place)} />
              </th>
              <td title={visibleName(place.from)}>
                {place.from ? `${WHAT[place.kind]} of ${nameInText(place.from)}` : WHAT[place.kind]}
              </td>
              <td class="number" data-value={place.bytes}>
                {formatBytes(place.bytes)}
              </td>
              <td classList={{ now: isOpen(place) }}>{when(place)}</td>
              <td class="number">
                <button
                  type="button"
                  class="link-button"
                  aria-label={`Forget ${nameOf(place)}`}
                  onClick={(event) => setAsked({ place, row: event.currentTarget.closest('tr') })}
                >
                  Forget
                </button>
              </td>
            </tr>
          )}
        </For>
      </Table>
      <Show when={asked()}>
        {(now) => (
          <ChangeDialog
            title={`Forget ${nameInText(nameOf(now().place))}`}
            verb="Forget"
            question={<Question place={now().place} />}
            act={() => forget(now().place)}
            onClose={close}
          />
        )}
      </Show>
    </Show>
  )
}

function Question(props: { place: KeptPlace }) {
  const name = () => (
    <b>
      <Name of={props.place.name || 'what was read before places were noted'} />
    </b>
  )
  switch (props.place.kind) {
    case 'tracked':
      return (
        <>
          Delete {name()} with all its runs, media and artifacts from this browser? It was logged here: there
          is no other copy of it, unless you made one.
        </>
      )
    case 'copy':
      return <>Delete the copy of {name()} from this browser? What it was copied from stays.</>
    case 'downloads':
      return (
        <>
          Delete what was read of {name()} from this browser? It stays at the Hub, and is read again when
          needed.
        </>
      )
  }
}
