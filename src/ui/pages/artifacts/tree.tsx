import { createEffect, createMemo, createSignal, createUniqueId, Match, on, Show, Switch } from 'solid-js'
import { type ArtifactLine, FOREIGN } from '../../../compute/artifact-list.ts'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { Icon } from '../../components/icon.tsx'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Aliases } from './aliases.tsx'
import type { ArtifactsModel } from './model.ts'

const ROW = 28
const TOUCH_ROW = 44

/** Types, their artifacts, and the versions of those that are open; arrows walk and open them. */
export function ArtifactTree(props: { model: ArtifactsModel; touch: boolean }) {
  const { model } = props
  const { runs } = useApp()
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const [current, setCurrent] = createSignal<string>()
  const id = createUniqueId()
  let control: LongRowsControl | undefined
  const lines = () => model.lines()
  const chosen = () => {
    const now = model.chosen()
    return now ? `v:${now.version.key}` : `f:${model.chosenForeign()?.label}`
  }
  const at = createMemo(() => lines().findIndex((line) => line.id === (current() ?? chosen())))
  createEffect(
    on(chosen, (now) => {
      setCurrent(undefined)
      const row = lines().findIndex((line) => line.id === now)
      if (row >= 0) control?.scrollTo(row, 'nearest')
    }),
  )

  function choose(line: ArtifactLine, opens: boolean): void {
    if (line.kind === 'version') model.choose(line.label, opens)
    else if (line.kind === 'foreign') model.choose(line.foreign.label, opens)
  }
  function goTo(index: number): void {
    const to = Math.max(0, Math.min(lines().length - 1, index))
    const line = lines()[to]
    if (!line) return
    // one after the other by keys is one step back; where the version is a page of its own, Enter opens it
    if (!props.touch) choose(line, false)
    setCurrent(line.id)
    control?.scrollTo(to, 'nearest')
  }
  const isOpen = (line: ArtifactLine): boolean | undefined =>
    line.kind === 'type' || line.kind === 'artifact' ? line.open : undefined

  function press(line: ArtifactLine): void {
    const open = isOpen(line)
    setCurrent(line.id)
    if (open === undefined) choose(line, true)
    else model.toggle(line.id, !open)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const line = lines()[at()]
    const page = Math.max(1, Math.floor((scroller()?.clientHeight ?? ROW) / ROW) - 1)
    const moves: Record<string, number> = {
      ...{ ArrowDown: at() + 1, ArrowUp: at() - 1, PageDown: at() + page, PageUp: at() - page },
      ...{ Home: 0, End: lines().length - 1 },
    }
    const next = moves[event.key]
    if (next !== undefined) goTo(next)
    else if (event.key === 'ArrowLeft' && line) {
      if (isOpen(line)) model.toggle(line.id, false)
      else goTo(lines().findLastIndex((one, i) => i < at() && one.depth < line.depth))
    } else if (event.key === 'ArrowRight' && line) {
      if (isOpen(line) === false) model.toggle(line.id, true)
      else if (isOpen(line)) goTo(at() + 1)
    } else if ((event.key === 'Enter' || event.key === ' ') && line) press(line)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const foot = () => {
    const projects = model.all()?.projects ?? []
    const named = projects.reduce((sum, one) => sum + one.named, 0)
    const stored = projects.reduce((sum, one) => sum + one.stored, 0)
    return { named, stored, share: named > 0 ? Math.round((100 * (named - stored)) / named) : 0 }
  }
  const versions = () => (model.all()?.artifacts ?? []).reduce((sum, one) => sum + one.versions.length, 0)
  const run = () => model.own().run
  const runName = () => runs.byKey().get(run() ?? '')?.name ?? run() ?? ''

  return (
    <section class="artifact-side" aria-label="List of artifacts">
      <div class="artifact-search toolbar own">
        <SearchField
          label="Search artifacts"
          placeholder="Name, type, alias, digest"
          hint={props.touch ? undefined : '/'}
          value={model.own().q ?? ''}
          onInput={(q) => model.set({ q })}
        />
      </div>
      <Show when={run()}>
        <p class="artifact-only">
          {'What '}
          <b>{visibleName(runName())}</b>
          {' made and used '}
          <button type="button" class="link-button" onClick={() => model.set({ run: '' })}>
            Show all
          </button>
        </p>
      </Show>
      <Show
        when={lines().length > 0}
        fallback={
          <div class="blank artifact-none" role="status">
            <h2>No artifact matches</h2>
            <button type="button" class="link-button" onClick={() => model.set({ q: '', run: '' })}>
              Clear search
            </button>
          </div>
        }
      >
        <div class="artifact-tree-scroll" ref={setScroller}>
          <div
            role="tree"
            aria-label="Artifacts"
            tabIndex={0}
            class="artifact-tree"
            id="charts"
            aria-activedescendant={at() >= 0 ? `${id}-${at()}` : undefined}
            onKeyDown={onKeyDown}
          >
            <LongRows
              count={lines().length}
              rowHeight={props.touch ? TOUCH_ROW : ROW}
              scroller={scroller()}
              role="presentation"
              control={(made) => {
                control = made
              }}
            >
              {(index) => (
                <Show when={lines()[index()]}>
                  {(line) => (
                    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
                    <div
                      role="treeitem"
                      id={`${id}-${index()}`}
                      aria-level={line().depth + 1}
                      aria-expanded={isOpen(line())}
                      aria-selected={line().id === chosen()}
                      class={`artifact-line ${line().kind}`}
                      classList={{ current: index() === at() }}
                      style={{ 'padding-left': `${indentOf(line())}px` }}
                      onClick={() => press(line())}
                    >
                      <LineWords line={line()} />
                    </div>
                  )}
                </Show>
              )}
            </LongRows>
          </div>
        </div>
      </Show>
      <Show when={versions() > 0}>
        <p class="artifact-foot">
          {`${formatPlural(versions(), 'version')}, ${formatBytes(foot().named)} named,`}
          <br />
          {`${formatBytes(foot().stored)} stored, ${foot().share} % shared`}
        </p>
      </Show>
    </section>
  )
}

/** A version stands under the name of its artifact, not under its twist. */
function indentOf({ kind, depth }: ArtifactLine): number {
  return 12 + depth * 16 + (kind === 'version' ? 14 : 0)
}

function LineWords(props: { line: ArtifactLine }) {
  const as = <K extends ArtifactLine['kind']>(kind: K): Extract<ArtifactLine, { kind: K }> | undefined =>
    props.line.kind === kind ? (props.line as Extract<ArtifactLine, { kind: K }>) : undefined
  return (
    <Switch>
      <Match when={as('type')}>
        {(line) => (
          <>
            <Icon name={line().open ? 'down' : 'right'} />
            <span class="name">
              {line().text === FOREIGN ? 'of other projects' : visibleName(line().text) || 'no type'}
            </span>
            <em>{formatCount(line().count)}</em>
          </>
        )}
      </Match>
      <Match when={as('artifact')}>
        {(line) => (
          <>
            <Icon name={line().open ? 'down' : 'right'} />
            <Icon name="box" />
            <bdi class="name" title={visibleName(line().artifact.name)}>
              {visibleName(line().artifact.name)}
            </bdi>
            <em>{formatCount(line().artifact.versions.length)}</em>
          </>
        )}
      </Match>
      <Match when={as('version')}>
        {(line) => (
          <>
            <span class="number">{`v${line().version.version}`}</span>
            <span class="tags">
              <Aliases of={line().version.aliases} />
            </span>
            <em>{formatBytes(line().version.bytes)}</em>
          </>
        )}
      </Match>
      <Match when={as('foreign')}>
        {(line) => (
          <>
            <Icon name="link" />
            <bdi class="name" title={visibleName(line().foreign.label)}>
              {visibleName(line().foreign.label)}
            </bdi>
            <em>{formatBytes(line().foreign.bytes)}</em>
          </>
        )}
      </Match>
    </Switch>
  )
}
