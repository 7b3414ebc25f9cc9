import '../styles/changes.css'
import { createMemo, createSignal, For, onMount, Show } from 'solid-js'
import { formatPlural } from '../../compute/format.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { RunKey } from '../../model/run.ts'
import { useApp } from '../../state/app.ts'
import { moveTargets } from '../../state/changes/targets.ts'
import { ChangeDialog } from '../components/change-dialog.tsx'
import { Dialog } from '../components/dialog.tsx'

/** What is asked for before runs are changed: a name, a project, tags. What is deleted needs none. */
export type AskedChange = 'rename' | 'move' | 'tag'

export function ChangeRuns(props: {
  what: AskedChange
  keys: readonly RunKey[]
  onClose(done: boolean): void
}) {
  const { changes, runs } = useApp()
  const [key = ''] = props.keys
  if (props.what === 'rename')
    return (
      <ChangeDialog
        title="Rename run"
        name={runs.loggedName(key)}
        act={(name) => changes.rename(key, name)}
        onClose={props.onClose}
      />
    )
  return props.what === 'move' ? (
    <MoveRuns keys={props.keys} onClose={props.onClose} />
  ) : (
    <TagRuns keys={props.keys} onClose={props.onClose} />
  )
}

function MoveRuns(props: { keys: readonly RunKey[]; onClose(done: boolean): void }) {
  const app = useApp()
  const { changes, library, sources } = app
  const [to, setTo] = createSignal<string>()
  const [fresh, setFresh] = createSignal('')
  onMount(() => void library.look())
  const targets = createMemo(() => moveTargets(app))
  const chosen = () => to() ?? (fresh().trim() === '' ? undefined : canonicalProject(fresh()))
  const words = `Move ${formatPlural(props.keys.length, 'run')}`
  let done = false

  async function act(event: Event): Promise<void> {
    event.preventDefault()
    const target = chosen()
    if (target === undefined) return
    await changes.move(props.keys, target)
    done = true
    props.onClose(true)
  }

  return (
    <Dialog label={words} title={words} class="dialog" onClose={() => done || props.onClose(false)}>
      <form class="dialog-body change" onSubmit={(event) => void act(event)}>
        <Show
          when={targets()}
          fallback={
            <p>
              {library.status().kind === 'unknown'
                ? 'Looking for projects.'
                : `Runs of ${visibleName(sources.source()?.info.name ?? '')} cannot be moved: a server and a file have one project, or no request for it. Copies and tracked projects of this browser can.`}
            </p>
          }
        >
          {(found) => (
            <>
              <Show
                when={found().names.length > 0 || found().fresh}
                fallback={
                  <p>This browser keeps no other database. Keep a copy of the project that they go to.</p>
                }
              >
                <p class="why">
                  With all their rows, media, alerts and traces. Links to artifacts go on across the projects.
                </p>
              </Show>
              <Show when={found().names.length > 0}>
                <fieldset class="change-targets" aria-label="Project">
                  <For each={found().names}>
                    {(name, i) => (
                      <label>
                        <input
                          type="radio"
                          name="target"
                          autofocus={i() === 0}
                          checked={to() === name}
                          onChange={() => setTo(name)}
                        />
                        {visibleName(name)}
                      </label>
                    )}
                  </For>
                </fieldset>
              </Show>
              <Show when={found().fresh}>
                <label>
                  Or a new project
                  <div class="field">
                    <input
                      value={fresh()}
                      autocomplete="off"
                      spellcheck={false}
                      onInput={(event) => {
                        setFresh(event.currentTarget.value)
                        setTo(undefined)
                      }}
                    />
                  </div>
                </label>
              </Show>
            </>
          )}
        </Show>
        <div class="buttons">
          <button type="button" class="button" onClick={() => props.onClose(false)}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={chosen() === undefined}>
            Move
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function TagRuns(props: { keys: readonly RunKey[]; onClose(done: boolean): void }) {
  const { changes, marks } = useApp()
  const [added, setAdded] = createSignal('')
  const [removed, setRemoved] = createSignal<ReadonlySet<string>>(new Set<string>())
  const [failure, setFailure] = createSignal('')
  const words = `Tag ${formatPlural(props.keys.length, 'run')}`
  const present = createMemo(() => [...new Set(props.keys.flatMap((key) => marks.of(key)?.tags ?? []))])
  const add = () =>
    added()
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '')
  let done = false

  async function act(event: Event): Promise<void> {
    event.preventDefault()
    setFailure('')
    try {
      await changes.tag(props.keys, add(), [...removed()])
      done = true
      props.onClose(true)
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
  }

  function toggle(tag: string, on: boolean): void {
    const next = new Set(removed())
    if (on) next.delete(tag)
    else next.add(tag)
    setRemoved(next)
  }

  return (
    <Dialog label={words} title={words} class="dialog" onClose={() => done || props.onClose(false)}>
      <form class="dialog-body change" onSubmit={(event) => void act(event)}>
        <label>
          Tags to add
          <div class="field">
            <input
              autofocus
              value={added()}
              placeholder="paper, rerun"
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setAdded(event.currentTarget.value)}
            />
          </div>
        </label>
        <Show when={present().length > 0}>
          <fieldset class="change-targets" aria-label="Tags they have">
            <For each={present()}>
              {(tag) => (
                <label>
                  <input
                    type="checkbox"
                    checked={!removed().has(tag)}
                    onChange={(event) => toggle(tag, event.currentTarget.checked)}
                  />
                  {visibleName(tag)}
                </label>
              )}
            </For>
          </fieldset>
        </Show>
        <p class="why">
          {marks.place() === 'project'
            ? 'Kept in the project.'
            : 'Kept in this browser; the source is not changed.'}
        </p>
        <Show when={failure()}>
          <p class="failure" role="alert">
            {failure()}
          </p>
        </Show>
        <div class="buttons">
          <button type="button" class="button" onClick={() => props.onClose(false)}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={add().length === 0 && removed().size === 0}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  )
}
