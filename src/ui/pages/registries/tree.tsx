import { createMemo, For, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { aliasesOf } from '../../../compute/registry/holdings.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { Collection, Registry } from '../../../model/registry.ts'
import { useApp } from '../../../state/app.ts'
import { Icon } from '../../components/icon.tsx'
import { Name } from '../../components/name.tsx'
import { SearchField } from '../../components/search-field.tsx'
import type { RegistriesModel } from './model.ts'
import { formatMoment } from './words.ts'

/** Collections by type, and the aliases of the chosen one. */
export function CollectionTree(props: {
  model: RegistriesModel
  registry: Registry
  onField(field: HTMLInputElement): void
}) {
  const { model } = props
  const { preferences } = useApp()
  const text = () => (model.param.q() ?? '').toLowerCase()
  const types = createMemo(() => {
    const found = new Map<string, Collection[]>()
    for (const one of props.registry.collections) {
      const words = [one.name, one.type, ...aliasesOf(one)].join('\n').toLowerCase()
      if (!words.includes(text())) continue
      const list = found.get(one.type)
      if (list) list.push(one)
      else found.set(one.type, [one])
    }
    return [...found]
  })
  const shown = () => types().reduce((sum, [, list]) => sum + list.length, 0)
  const summary = () => {
    const { collections, events } = props.registry
    const versions = collections.reduce((sum, { links }) => sum + links.length, 0)
    const first = events.find(({ time }) => Number.isFinite(time))
    const since = first
      ? ` since ${formatMoment(first.time, preferences.value().timeZone).split(',')[0]}`
      : ''
    return [
      `${formatPlural(collections.length, 'collection')}, ${formatPlural(versions, 'version')},`,
      `${formatPlural(events.length, 'event')}${since}`,
    ]
  }
  return (
    <nav class="registry-tree" aria-label="Collections">
      <div class="tree-search">
        <SearchField
          label="Find a collection or alias"
          placeholder="Collection, alias"
          hint="f"
          ref={(field) => props.onField(field)}
          value={model.param.q() ?? ''}
          onInput={(q) => model.set({ q })}
        >
          <span class="found" role="status">
            {text() === '' ? '' : formatCount(shown())}
          </span>
        </SearchField>
      </div>
      <div class="tree-body">
        <Show
          when={shown() > 0}
          fallback={<NoMatch model={model} empty={props.registry.collections.length === 0} />}
        >
          <ul>
            <For each={types()}>
              {([type, list]) => (
                <li>
                  <div class="type">
                    <Name of={type} />
                    <span class="amount">{formatCount(list.length)}</span>
                  </div>
                  <ul>
                    <For each={list}>{(one) => <Entry model={model} of={one} />}</For>
                  </ul>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </div>
      <p class="tree-foot">
        {summary()[0]}
        <br />
        {summary()[1]}
      </p>
    </nav>
  )
}

function Entry(props: { model: RegistriesModel; of: Collection }) {
  const { model } = props
  const chosen = () => model.collection()?.name === props.of.name
  return (
    <li>
      <button
        type="button"
        class="entry"
        aria-current={chosen() ? 'true' : undefined}
        onClick={() =>
          model.set({ collection: props.of.name, alias: '', kind: '', at: model.param.at() ?? '' })
        }
      >
        <Icon name="box" />
        <span class="name">
          <Name of={props.of.name} />
        </span>
        <span class="amount">{formatPlural(props.of.links.length, 'version')}</span>
      </button>
      <Show when={chosen() && model.aliases().length > 0}>
        <ul aria-label={`Aliases of ${visibleName(props.of.name)}`}>
          <For each={model.aliases()}>
            {(alias) => (
              <li>
                <button
                  type="button"
                  class="entry alias"
                  aria-pressed={model.alias() === alias}
                  onClick={() => model.set({ alias })}
                >
                  <Icon name="tag" />
                  <span class="name">
                    <Name of={alias} />
                  </span>
                  <span class="amount">{nowWords(props.of, alias)}</span>
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </li>
  )
}

function nowWords({ links }: Collection, alias: string): string {
  const link = links.find(({ aliases }) => aliases.includes(alias))
  return link ? `v${link.version}` : 'nobody now'
}

function NoMatch(props: { model: RegistriesModel; empty: boolean }) {
  return (
    <Show when={!props.empty} fallback={<p class="none">No collection was made in it yet</p>}>
      <p class="none" role="status">
        No collection matches{' '}
        <button type="button" class="link-button" onClick={() => props.model.set({ q: '' })}>
          Clear
        </button>
      </p>
    </Show>
  )
}
