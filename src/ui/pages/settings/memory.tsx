import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js'
import { formatBytes } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { noticeOf } from '../../../model/errors.ts'
import { FREED_PARTS, type Memory as Held, type HeldProject, MEMORY_PARTS } from '../../../model/memory.ts'
import { DEFAULTS, THUMBNAIL_LIMITS } from '../../../state/address/stored.ts'
import { useApp } from '../../../state/app.ts'
import { MB, thumbnailBytes } from '../../../state/pages/thumbnails.ts'
import { Name } from '../../components/name.tsx'
import { Select } from '../../components/select.tsx'
import { useSettings } from './model.ts'
import { Bar, Block, Row } from './row.tsx'
import { Table } from './table.tsx'

const HEADS = [{ text: 'project' }, ...[...MEMORY_PARTS, 'total'].map((text) => ({ text, number: true }))]

/** What the engine and this page hold, counted; and letting go of what is made again when needed. */
export function Memory() {
  const { ask, settled, preferences, sources, data } = useApp()
  const { say } = useSettings()
  const [held, setHeld] = createSignal<Held>()
  const [failed, setFailed] = createSignal('')

  async function count(): Promise<Held | undefined> {
    try {
      const found = await ask('memory')
      setFailed('')
      return setHeld(found)
    } catch (error) {
      setFailed(noticeOf(error, 'memory').text)
      return undefined
    }
  }
  // a link may lead here while something is still being opened and read
  createEffect(
    on([sources.list, data.exact], () => {
      settled.setBusy('memory', true)
      void count().finally(() => settled.setBusy('memory', false))
    }),
  )
  onCleanup(() => settled.setBusy('memory', false))

  async function free(project?: HeldProject): Promise<void> {
    const before = total()
    try {
      await ask('freeMemory', { project: project?.id })
    } catch (error) {
      setFailed(noticeOf(error, 'memory').text)
      return
    }
    await count()
    say(`${formatBytes(Math.max(0, before - total()))} were let go of; nothing shown changes`)
  }

  const total = () => sumOf(held())
  const parts = createMemo(() =>
    [
      ...MEMORY_PARTS.map((part) => ({
        words: part as string,
        bytes: (held()?.projects ?? []).reduce((sum, { bytes }) => sum + bytes[part], 0),
      })),
      { words: 'left over', bytes: held()?.left ?? 0 },
      { words: 'SQLite', bytes: held()?.sqlite ?? 0 },
    ].filter(({ bytes }) => bytes > 0),
  )
  const words = () => parts().map(({ words, bytes }) => `${words} ${formatBytes(bytes)}`)
  const ids = createMemo(() => (held()?.projects ?? []).map(({ id }) => id))
  const freeable = (bytes: HeldProject['bytes']) => FREED_PARTS.reduce((sum, part) => sum + bytes[part], 0)
  const allFreeable = () =>
    (held()?.projects ?? []).reduce((sum, { bytes }) => sum + freeable(bytes), held()?.left ?? 0)

  return (
    <Block of="memory">
      <Row
        of="held"
        note="arrays, buffers and texts, as they are counted; the browser takes more beside them"
        acts={
          <>
            <button type="button" class="link-button" onClick={() => void count()}>
              Count again
            </button>
            <button
              type="button"
              class="link-button"
              aria-label="Free all memory that can be made again"
              disabled={allFreeable() === 0}
              onClick={() => void free()}
            >
              {`Free ${formatBytes(allFreeable())}`}
            </button>
          </>
        }
        below={
          <Show when={total() > 0}>
            <Bar label={`${formatBytes(total())}: ${words().join(', ')}`} parts={parts()} of={total()} />
            <p class="set-parts" aria-hidden="true">
              <For each={words()}>{(text) => <span>{text}</span>}</For>
            </p>
          </Show>
        }
      >
        <span data-memory={total()}>{formatBytes(total())}</span>
        <Show when={failed()}>
          <span role="alert" class="set-failed">
            {failed()}
          </span>
        </Show>
      </Row>
      <Row
        of="projects"
        below={
          <Show when={ids().length > 0}>
            <Table label="Memory by project" heads={HEADS} act="Free" focusable>
              <For each={ids()}>
                {(id) => {
                  const one = () => held()?.projects.find((project) => project.id === id)
                  const bytes = (part: (typeof MEMORY_PARTS)[number]) => one()?.bytes[part] ?? 0
                  return (
                    <tr>
                      <th scope="row" title={visibleName(one()?.name ?? '')}>
                        <Name of={one()?.name ?? ''} />
                      </th>
                      <For each={MEMORY_PARTS}>
                        {(part) => (
                          <td class="number" classList={{ hush: bytes(part) === 0 }} data-value={bytes(part)}>
                            {bytes(part) === 0 ? '0' : formatBytes(bytes(part))}
                          </td>
                        )}
                      </For>
                      <td class="number">
                        {formatBytes(MEMORY_PARTS.reduce((sum, part) => sum + bytes(part), 0))}
                      </td>
                      <td class="number">
                        <button
                          type="button"
                          class="link-button"
                          aria-label={`Free ${visibleName(one()?.name ?? '')}`}
                          disabled={!one() || freeable(one()?.bytes as HeldProject['bytes']) === 0}
                          onClick={() => void free(one())}
                        >
                          Free
                        </button>
                      </td>
                    </tr>
                  )
                }}
              </For>
            </Table>
          </Show>
        }
      >
        <span class="hush">
          {ids().length === 0
            ? 'Nothing is open'
            : 'Columns and traces are what was read: they go when the source is closed. The rest is made again when needed'}
        </span>
      </Row>
      <Row
        of="thumbnails"
        note={`${formatBytes(thumbnailBytes())} now; those seen longest ago go first, and all of them with the page that shows them`}
        reset={
          preferences.value().thumbnails === DEFAULTS.thumbnails
            ? undefined
            : () => preferences.set({ thumbnails: DEFAULTS.thumbnails })
        }
      >
        <Select
          label="Thumbnails, at most"
          value={String(preferences.value().thumbnails)}
          options={THUMBNAIL_LIMITS.map((limit) => ({ value: String(limit), text: formatBytes(limit * MB) }))}
          onChange={(value) => preferences.set({ thumbnails: Number(value) })}
        />
      </Row>
    </Block>
  )
}

function sumOf(held: Held | undefined): number {
  if (!held) return 0
  const projects = held.projects.reduce(
    (sum, { bytes }) => sum + MEMORY_PARTS.reduce((all, part) => all + bytes[part], 0),
    0,
  )
  return projects + held.left + held.sqlite
}
