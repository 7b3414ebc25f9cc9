import '../../styles/registries.css'
import { createEffect, createMemo, For, type JSX, Match, onCleanup, Show, Switch } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { nameInText } from '../../../compute/visible-name.ts'
import type { Collection, Registry } from '../../../model/registry.ts'
import { useApp } from '../../../state/app.ts'
import { ArtifactViews } from '../../common/artifact-views.tsx'
import { createFindKey } from '../../common/find-key.ts'
import { createPageState, Failed, Reading } from '../../common/page-states.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { Name } from '../../components/name.tsx'
import { Select } from '../../components/select.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { EventTable } from './event-table.tsx'
import { createRegistriesModel, type RegistriesModel } from './model.ts'
import { answerSentence, Question } from './question.tsx'
import { NoRegistries, Unknown } from './states.tsx'
import { TimeLine } from './time-line.tsx'
import { CollectionTree } from './tree.tsx'

/** Registries: collections of linked versions, and who held which alias when. */
export function RegistriesPage(props: PageProps) {
  const { sources, data } = useApp()
  const model = createRegistriesModel()
  const noProject = useNoProject()
  const [, setField] = createFindKey()
  const phone = () => props.frame === 'phone'
  const { failure, loading } = createPageState('registries', model.status, model.reading)

  createEffect(() => {
    const one = model.registry()
    if (!one) return setPageWords('')
    const refused = one.events.filter(({ effect }) => effect === 'refused').length
    setPageWords(
      [
        `registry ${nameInText(one.name)}`,
        formatPlural(one.events.length, 'event'),
        refused === 0 ? 'no event refused' : `${formatPlural(refused, 'event')} refused`,
      ].join(', '),
    )
  })
  onCleanup(() => setPageWords(''))

  const options = () =>
    model.registries().map(({ key, name, place }) => {
      const twin = model.registries().some((other) => other.key !== key && other.name === name)
      return { value: key, text: twin ? `${name} (${place})` : name }
    })

  return (
    <main class="page registries" classList={{ phone: phone() }}>
      <h1 class="unseen">{`Registries of ${sources.source()?.info.name ?? 'a source'}`}</h1>
      <Show when={!noProject()} fallback={<NoProject />}>
        <div class="toolbar own">
          <Show when={props.frame !== 'embed'}>
            <ArtifactViews />
          </Show>
          <Show when={model.registries().length > 0}>
            <span class="control near">
              <span class="word">Registry</span>
              <Select
                label="Registry"
                value={model.registry()?.key ?? ''}
                options={options()}
                onChange={(key) => {
                  const one = model.registries().find((other) => other.key === key)
                  const twin = model.registries().filter(({ name }) => name === one?.name).length > 1
                  model.set({
                    ...{
                      registry: (twin ? key : one?.name) ?? '',
                      collection: '',
                      alias: '',
                      at: '',
                      kind: '',
                    },
                  })
                }}
              />
            </span>
            <Show when={phone() && model.registry()}>
              {(one) => (
                <Select
                  label="Collection"
                  value={model.collection()?.name ?? ''}
                  options={one().collections.map(({ name }) => ({ value: name, text: name }))}
                  onChange={(collection) => model.set({ collection, alias: '', kind: '' })}
                />
              )}
            </Show>
          </Show>
          <span class="gap" />
          <Show when={(model.collection() && model.ofCollection().length > 0) || false}>
            <button type="button" class="text-button" onClick={() => model.download()}>
              Export events
            </button>
          </Show>
        </div>
        <SourceNotices />
        <Notes model={model} />
        <Switch>
          <Match when={failure()}>
            {(notice) => (
              <Sheet>
                <Failed
                  what="the registries"
                  cause={`${notice().subject}: ${notice().text}`}
                  onRetry={model.retry}
                />
              </Sheet>
            )}
          </Match>
          <Match when={loading()}>
            {(now) => (
              <Sheet>
                <Show when={data.status().kind !== 'failed'}>
                  <Reading label="Registries" words={now().text || 'reading registries'} shown />
                </Show>
              </Sheet>
            )}
          </Match>
          <Match when={model.registries().length === 0}>
            <Sheet>
              <NoRegistries />
            </Sheet>
          </Match>
          <Match when={!model.registry()}>
            <Sheet>
              <Unknown
                what="registry"
                name={model.param.registry() ?? ''}
                others={model.registries().map(({ name }) => name)}
                onChoose={(registry) => model.set({ registry })}
              />
            </Sheet>
          </Match>
          <Match when={model.registry()}>
            {(registry) => (
              <div class="registry-panes">
                <Show when={!phone()}>
                  <CollectionTree model={model} registry={registry()} onField={setField} />
                </Show>
                <div class="registry-main">
                  <Show
                    when={model.collection()}
                    fallback={<NoCollection model={model} registry={registry()} />}
                  >
                    {(one) => <One model={model} registry={registry()} collection={one()} phone={phone()} />}
                  </Show>
                </div>
              </div>
            )}
          </Match>
        </Switch>
      </Show>
    </main>
  )
}

function Sheet(props: { children: JSX.Element }) {
  return (
    <section class="sheet" id="charts" tabIndex={-1} aria-label="Registries">
      {props.children}
    </section>
  )
}

function NoCollection(props: { model: RegistriesModel; registry: Registry }) {
  const wanted = () => props.model.param.collection()
  return (
    <Sheet>
      <Show
        when={wanted()}
        fallback={
          <div class="blank" role="status">
            <h2>{`${nameInText(props.registry.name)} has no collection yet`}</h2>
            <p>One is made by the first version that is linked into it.</p>
          </div>
        }
      >
        {(name) => (
          <Unknown
            what="collection"
            name={name()}
            others={props.registry.collections.map((one) => one.name)}
            onChoose={(collection) => props.model.set({ collection })}
          />
        )}
      </Show>
    </Sheet>
  )
}

function One(props: { model: RegistriesModel; registry: Registry; collection: Collection; phone: boolean }) {
  const { model } = props
  const { preferences } = useApp()
  const projects = () => new Set(props.collection.links.map(({ source }) => source.project)).size
  const moves = () => props.collection.holdings.length
  const words = () =>
    [
      props.collection.type,
      `${formatPlural(props.collection.links.length, 'version')} from ${formatPlural(projects(), 'project')}`,
      formatPlural(moves(), 'alias move'),
    ].join(', ')
  const description = () => props.collection.description ?? ''
  return (
    <section
      class="registry-collection"
      id="charts"
      tabIndex={-1}
      aria-label={`Collection ${props.collection.name}`}
    >
      <header>
        <h2>
          <Name of={props.collection.name} />
        </h2>
        <span class="words">{words()}</span>
        <Show when={description() !== ''}>
          <span class="words" title={description()}>
            <Name of={description()} />
          </span>
        </Show>
      </header>
      <Show
        when={model.aliases().length > 0}
        fallback={<p class="none">No version was ever linked into this collection.</p>}
      >
        <Question model={model} collection={props.collection} />
        <TimeLine
          model={model}
          collection={props.collection}
          words={answerSentence(model, props.collection, preferences.value().timeZone)}
        />
      </Show>
      <EventTable model={model} phone={props.phone} />
    </section>
  )
}

/** What could not be read, and where events and tables differ. */
function Notes(props: { model: RegistriesModel }) {
  const notes = createMemo(() => [
    ...(props.model.all()?.notices ?? []),
    ...(props.model.registry()?.notices ?? []),
  ])
  return (
    <Show when={notes().length > 0}>
      <div class="registry-notes" role="status">
        <ul>
          <For each={notes()}>
            {({ subject, text, level, action }) => (
              <li class={level}>
                {`${nameInText(subject)}: ${text}. ${action ?? ''}`.replace(/\.\. /, '. ')}
              </li>
            )}
          </For>
        </ul>
      </div>
    </Show>
  )
}
