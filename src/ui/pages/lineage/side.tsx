import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js'
import { formatWhen } from '../../../compute/alert-list.ts'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { reached } from '../../../compute/lineage/reach.ts'
import { formatCount } from '../../../compute/number.ts'
import { nameInText } from '../../../compute/visible-name.ts'
import type { LineageNode } from '../../../model/lineage.ts'
import { useApp } from '../../../state/app.ts'
import type { Drawn } from '../../../state/pages/lineage-picture.ts'
import { Icon } from '../../components/icon.tsx'
import { Name } from '../../components/name.tsx'
import { Select } from '../../components/select.tsx'
import { LineSample } from '../../components/swatch.tsx'
import type { LineageModel } from './model.ts'

/** So many of a long list; the rest stands in the list view. */
const FEW = 8

/** What was chosen: what it is, what it was made from, what was made of it, and the way to another one. */
export function SidePanel(props: { model: LineageModel; onSee(place: number): void }) {
  const { model } = props
  const node = createMemo(() => model.node(model.chosen()))
  const fold = createMemo(() => {
    const item = model.selected()
    return item === undefined || !model.isFoldChosen() ? undefined : model.foldOf(item)
  })
  const go = (place: number): void => {
    model.select(place)
    props.onSee(place)
  }
  return (
    <aside class="lineage-side" aria-label="Chosen node">
      <Show
        when={fold()}
        fallback={<Show when={node()}>{(one) => <One model={model} node={one()} go={go} />}</Show>}
      >
        {(words) => <Folded model={model} words={words()} go={go} />}
      </Show>
    </aside>
  )
}

function Folded(props: { model: LineageModel; words: [string, string]; go(place: number): void }) {
  const { model } = props
  const members = () => model.members()[model.selected() ?? -1] ?? []
  return (
    <>
      <h2>
        <Name of={props.words[0]} />
      </h2>
      <p class="note">Made from the same and used by the same, so they are drawn as one.</p>
      <Lines model={model} label="Folded" places={members()} go={props.go} plain />
      <div class="acts">
        <button type="button" class="link-button" onClick={() => model.toggleFold(model.selected() ?? -1)}>
          Unfold
        </button>
      </div>
    </>
  )
}

function One(props: { model: LineageModel; node: LineageNode; go(place: number): void }) {
  const { model } = props
  const { preferences, runs } = useApp()
  const place = () => model.chosen() ?? 0
  const from = createMemo(() => reached(model.graph()?.neighbours.before ?? none, place()))
  const of = createMemo(() => reached(model.graph()?.neighbours.next ?? none, place()))
  const when = () => formatWhen(props.node.created, Date.now(), preferences.value().timeZone)
  const run = () =>
    props.node.kind === 'run' && props.node.run !== undefined && model.isOnScreen(props.node)
      ? runs.byKey().get(props.node.run)
      : undefined
  const unfolded = () => {
    const item = model.selected()
    return item !== undefined && (model.drawn()?.picture.folded.unfolded[item] ?? -1) >= 0
  }
  return (
    <>
      <h2>
        <Show when={props.node.kind === 'run'} fallback={<Icon name="box" />}>
          <Sample model={model} node={props.node} />
        </Show>
        <Name of={model.title(place())} />
      </h2>
      <Show when={props.node.kind === 'version' && props.node.aliases.length > 0}>
        <p class="tags">
          <For each={props.node.kind === 'version' ? props.node.aliases : []}>
            {(alias) => (
              <span class="tag" classList={{ strong: alias !== 'latest' }}>
                <Name of={alias} />
              </span>
            )}
          </For>
        </p>
      </Show>
      <Show when={props.node.missing}>
        {(why) => <p class="note warn">{missingWords(props.node, why())}</p>}
      </Show>
      <dl class="facts">
        <Switch>
          <Match when={props.node.kind === 'version' && props.node}>
            {(version) => (
              <>
                <dt>type</dt>
                <dd>
                  <Name of={version().type} />
                </dd>
                <Show when={version().digest !== ''}>
                  <dt>digest</dt>
                  <dd
                    class="mono"
                    title={version().digest}
                  >{`${version().digest.slice(0, 8)}…${version().digest.slice(-4)}`}</dd>
                </Show>
                <dt>size</dt>
                <dd>
                  {[
                    formatBytes(version().bytes),
                    ...(version().files > 0 ? [formatPlural(version().files, 'file')] : []),
                    ...(version().references > 0 ? [formatPlural(version().references, 'reference')] : []),
                  ].join(', ')}
                </dd>
              </>
            )}
          </Match>
          <Match when={run()}>
            {(one) => (
              <>
                <dt>rows</dt>
                <dd>{formatCount(one().rows)}</dd>
                <Show when={one().lastStep !== null}>
                  <dt>last step</dt>
                  <dd>{formatCount(one().lastStep ?? 0)}</dd>
                </Show>
              </>
            )}
          </Match>
        </Switch>
        <Show when={!model.isOnScreen(props.node)}>
          <dt>project</dt>
          <dd>
            <Name of={props.node.project} />
          </dd>
        </Show>
        <Show when={when() !== ''}>
          <dt>{props.node.kind === 'run' ? 'first link' : 'created'}</dt>
          <dd>{when()}</dd>
        </Show>
      </dl>
      <Lines model={model} label="Made from" places={from()} go={props.go} />
      <Lines model={model} label="Made of it" places={of()} go={props.go} />
      <Way model={model} go={props.go} />
      <div class="acts">
        <Show
          when={
            props.node.kind === 'run' ? props.node.run !== undefined : props.node.versionKey !== undefined
          }
        >
          <button type="button" class="link-button" onClick={() => model.openNode(place())}>
            Open
          </button>
        </Show>
        <Show when={props.node.kind === 'run' && props.node.run !== undefined}>
          <button type="button" class="link-button" onClick={() => model.showCurves(place())}>
            Curves
          </button>
        </Show>
        <Show when={place() !== model.around()}>
          <button
            type="button"
            class="link-button"
            title="c"
            onClick={() => model.set({ around: props.node.key, node: '' })}
          >
            Centre here
          </button>
        </Show>
        <Show when={unfolded()}>
          <button type="button" class="link-button" onClick={() => model.toggleFold(model.selected() ?? -1)}>
            Fold again
          </button>
        </Show>
      </div>
    </>
  )
}

const none = (): Uint32Array => new Uint32Array(0)

function missingWords(node: LineageNode, why: 'project' | 'deleted'): string {
  if (why === 'project')
    return `${nameInText(node.project)} is not open here: only what links say of it is known.`
  return node.kind === 'version'
    ? 'It is not there any more: an overwritten or deleted version leaves the links of its users behind.'
    : 'The project lists no such run: it was deleted, or logged nothing.'
}

function Sample(props: { model: LineageModel; node: LineageNode }) {
  const { runs } = useApp()
  const style = () =>
    props.node.kind === 'run' && props.node.run !== undefined && props.model.isOnScreen(props.node)
      ? runs.styled(props.node.run)?.style
      : undefined
  return <LineSample color={style()?.color ?? 'var(--ink-3)'} dash={style()?.dash ?? []} />
}

/** Nodes by name; a long list leads to the list view. */
function Lines(props: {
  model: LineageModel
  label: string
  places: readonly number[]
  go(place: number): void
  plain?: boolean
}) {
  const { model } = props
  const shown = () => props.places.slice(0, FEW)
  return (
    <section aria-label={props.label}>
      <h3>{`${props.label}, ${formatCount(props.places.length)}`}</h3>
      <Show when={props.places.length > 0} fallback={<p class="none">Nothing</p>}>
        <ul>
          <For each={shown()}>
            {(place) => (
              <li>
                <NodeLine model={model} place={place} onClick={() => props.go(place)} />
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={props.places.length > FEW && !props.plain}>
        <button type="button" class="link-button more" onClick={() => model.set({ as: 'list' })}>
          {`${formatCount(props.places.length - FEW)} more, in the list`}
        </button>
      </Show>
      <Show when={props.places.length > FEW && props.plain}>
        <p class="none">{`and ${formatCount(props.places.length - FEW)} more`}</p>
      </Show>
    </section>
  )
}

/** A node as a line: what it is, its name, how much it is. */
export function NodeLine(props: { model: LineageModel; place: number; onClick(): void; tabIndex?: number }) {
  const node = () => props.model.node(props.place)
  return (
    <Show when={node()}>
      {(one) => (
        <button type="button" class="node-line" tabIndex={props.tabIndex} onClick={() => props.onClick()}>
          <Show when={one().kind === 'run'} fallback={<Icon name="box" />}>
            <Sample model={props.model} node={one()} />
          </Show>
          <span class="name">
            <Name of={props.model.title(props.place)} />
          </span>
          <span class="amount">{shortOf(props.model, one())}</span>
        </button>
      )}
    </Show>
  )
}

function shortOf(model: LineageModel, node: LineageNode): string {
  if (node.kind === 'run') {
    const steps = model.stepsOf(node)
    return steps === undefined ? 'run' : `step ${formatCount(steps)}`
  }
  return node.missing === 'deleted' ? 'gone' : formatBytes(node.bytes)
}

/** How what was chosen hangs together with another one. */
function Way(props: { model: LineageModel; go(place: number): void }) {
  const { model } = props
  const [opened, setOpened] = createSignal<Drawn>()
  const groups = createMemo(() => {
    const now = model.drawn()
    return now && opened() === now ? model.choices(now.part.nodes) : []
  })
  const names = (places: readonly number[]): string =>
    places.map((place) => nameInText(model.title(place))).join(', ')
  return (
    <section aria-label="Path">
      <h3 class="way">
        Path to
        <Select
          label="Path to"
          value={model.param.to() ?? ''}
          options={[
            { value: '', text: 'choose' },
            ...(groups().length > 0 ? [] : model.choice(model.way()?.to)),
          ]}
          groups={groups()}
          onOpen={() => setOpened(model.drawn())}
          onChange={(to) => model.set({ to })}
        />
      </h3>
      <Show when={model.way()}>
        {(way) => (
          <Switch>
            <Match when={way().kind === 'path' && way()}>
              {(path) => (
                <>
                  <p class="note">{pathWords(path(), model)}</p>
                  <ol>
                    <For each={'nodes' in path() ? (path() as { nodes: number[] }).nodes : []}>
                      {(place) => (
                        <li>
                          <NodeLine model={model} place={place} onClick={() => props.go(place)} />
                        </li>
                      )}
                    </For>
                  </ol>
                </>
              )}
            </Match>
            <Match when={way().kind === 'from' && way()}>
              {(shared) => <p class="note">{`No path. Both are made from ${names(nodesOf(shared()))}.`}</p>}
            </Match>
            <Match when={way().kind === 'of' && way()}>
              {(shared) => <p class="note">{`No path. Of both was made ${names(nodesOf(shared()))}.`}</p>}
            </Match>
            <Match when={true}>
              <p class="note">No path, and nothing that both were made from or that was made of both.</p>
            </Match>
          </Switch>
        )}
      </Show>
    </section>
  )
}

type WayTo = NonNullable<ReturnType<LineageModel['way']>>

function nodesOf(way: WayTo): number[] {
  return 'nodes' in way ? way.nodes : []
}

function pathWords(way: WayTo, model: LineageModel): string {
  const steps = formatPlural(nodesOf(way).length - 1, 'edge')
  const [a, b] = [nameInText(model.title(model.chosen())), nameInText(model.title(way.to))]
  return 'turned' in way && way.turned ? `${b} to ${a}, ${steps}:` : `${a} to ${b}, ${steps}:`
}
