import { createSignal, For, onMount, Show } from 'solid-js'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import type { Kept } from '../../../state/pages/kept.ts'
import { Name } from '../../components/name.tsx'
import { ChoicesTable } from './choices-table.tsx'
import { ForgetAll } from './forget-all.tsx'
import { KeptTable } from './kept-table.tsx'
import { useSettings } from './model.ts'
import { PreferenceFiles } from './preference-files.tsx'
import { Bar, Block, Row } from './row.tsx'

/** What is kept in this browser, what was sent from it, and forgetting. */
export function Storage(props: { kept: Kept }) {
  const { preferences, tokens, sources, handles, library } = useApp()
  const { say } = useSettings()
  const [origins, setOrigins] = createSignal(tokens.origins())
  const [handleCount, setHandleCount] = createSignal(0)
  const countHandles = () => void handles.count().then(setHandleCount)
  onMount(countHandles)
  const sum = (kind: string) =>
    props.kept.places().reduce((all, place) => all + (place.kind === kind ? place.bytes : 0), 0)
  const parts = () => {
    const [tracked, copies, downloads] = [sum('tracked'), sum('copy'), sum('downloads')]
    const rest = Math.max(0, (props.kept.room()?.used ?? 0) - tracked - copies - downloads)
    return [
      { words: 'tracked here', bytes: tracked },
      { words: 'copies', bytes: copies },
      { words: 'read from the Hub', bytes: downloads },
      { words: 'other', bytes: rest },
    ].filter(({ bytes }) => bytes > 0)
  }
  const partWords = () => parts().map(({ words, bytes }) => `${words} ${formatBytes(bytes)}`)
  const received = () => sources.list().filter(({ info }) => !info.local)

  async function ask(): Promise<void> {
    const yes = await library.askToLast()
    say(
      yes
        ? 'The browser promised to keep it'
        : 'The browser made no promise. It mostly does so for pages that are installed or often visited',
    )
  }

  async function forgetToken(origin: string): Promise<void> {
    await tokens.set(origin, undefined)
    setOrigins(tokens.origins())
    say(`The token for ${new URL(origin).host} is forgotten`)
  }

  return (
    <Block of="storage">
      <Row
        of="kept"
        below={
          <Show when={props.kept.room()}>
            {(room) => (
              <>
                <Bar
                  label={`${formatBytes(room().used)} of ${formatBytes(room().quota)}: ${partWords().join(', ')}`}
                  parts={parts()}
                  of={room().used}
                />
                <p class="set-parts" aria-hidden="true">
                  <For each={partWords()}>{(words) => <span>{words}</span>}</For>
                </p>
              </>
            )}
          </Show>
        }
      >
        <Show
          when={props.kept.room()}
          fallback={<span>{props.kept.why() ? `Nothing: ${props.kept.why()}` : 'Looking'}</span>}
        >
          {(room) => (
            <span>
              {`${formatBytes(room().used)} of ${formatBytes(room().quota)} that the browser allows this page`}
            </span>
          )}
        </Show>
      </Row>
      <Row of="places" below={<KeptTable kept={props.kept} />}>
        <Show when={props.kept.places().length === 0}>
          <span class="hush">
            {props.kept.why()
              ? 'None can be kept here'
              : 'None. “Keep a copy in this browser” in a source’s menu adds one'}
          </span>
        </Show>
      </Row>
      <Row of="choices" below={<ChoicesTable />} />
      <Row
        of="recents"
        note={
          handleCount() > 0
            ? `${formatPlural(handleCount(), 'file or folder', 'files or folders')} can be opened again with a click; their bytes are not kept`
            : 'names only'
        }
        acts={
          <button
            type="button"
            class="link-button"
            aria-label="Forget what was opened before"
            disabled={preferences.value().recents.length === 0 && handleCount() === 0}
            onClick={() => {
              preferences.set({ recents: [] })
              void handles.clear().then(countHandles)
              say('What was opened before is forgotten')
            }}
          >
            Forget
          </button>
        }
      >
        <span>{formatPlural(preferences.value().recents.length, 'name')}</span>
      </Row>
      <Row
        of="tokens"
        note={
          origins().length > 0
            ? 'in this tab only, gone when it closes; each is sent to its host alone'
            : undefined
        }
        below={
          <For each={origins()}>
            {(origin) => (
              <p class="set-line">
                <span>{new URL(origin).host}</span>
                <span class="gap" />
                <button
                  type="button"
                  class="link-button"
                  aria-label={`Forget the token for ${new URL(origin).host}`}
                  onClick={() => void forgetToken(origin)}
                >
                  Forget
                </button>
              </p>
            )}
          </For>
        }
      >
        <span>{origins().length === 0 ? 'None in this tab' : formatCount(origins().length)}</span>
      </Row>
      <Row
        of="sent"
        note="bodies of requests since this tab opened; addresses and headers are not counted"
        below={
          <>
            <For each={sources.sent()}>
              {([host, bytes]) => (
                <p class="set-line">
                  <span>{host}</span>
                  <span class="set-note">{`${formatBytes(bytes)} sent`}</span>
                </p>
              )}
            </For>
            <For each={received()}>
              {(source) => (
                <p class="set-line">
                  <span>
                    <Name of={source.info.name} />
                  </span>
                  <span class="set-note">{`${formatBytes(source.received)} read from ${source.info.host}`}</span>
                </p>
              )}
            </For>
          </>
        }
      >
        <span>{formatBytes(sources.sent().reduce((all, [, bytes]) => all + bytes, 0))}</span>
      </Row>
      <PreferenceFiles />
      <Row
        of="lasting"
        acts={
          <Show when={props.kept.room() && !props.kept.room()?.persisted}>
            <button type="button" class="link-button" onClick={() => void ask()}>
              Ask the browser to keep it
            </button>
          </Show>
        }
      >
        <span>
          {props.kept.room() === undefined
            ? 'Nothing is kept'
            : props.kept.room()?.persisted
              ? 'The browser promised to clear nothing of it unless you ask for it'
              : 'The browser may clear it when the disk gets full'}
        </span>
      </Row>
      <ForgetAll
        kept={props.kept}
        onDone={() => {
          setOrigins(tokens.origins())
          countHandles()
        }}
      />
    </Block>
  )
}
