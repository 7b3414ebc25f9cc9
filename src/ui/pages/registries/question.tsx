import { createMemo, Show } from 'solid-js'
import { formatBytes } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { Collection } from '../../../model/registry.ts'
import { useApp } from '../../../state/app.ts'
import { Name } from '../../components/name.tsx'
import { Select } from '../../components/select.tsx'
import { SourceActs } from './event-table.tsx'
import type { RegistriesModel } from './model.ts'
import { answerSpan, awayWords, fieldOf, momentOfField, nobodyWords, sourceName } from './words.ts'

/** The answer as a sentence, for those who hear it. */
export function answerSentence(
  model: RegistriesModel,
  collection: Collection,
  zone: 'local' | 'utc',
): string {
  const now = model.answer()
  if (!now) return ''
  const span = answerSpan(now, model.now(), zone)
  const nobody = nobodyWords(now, model.alias(), collection.name)
  if (nobody !== undefined || now.kind !== 'held') return `${nobody}, ${span}`
  const { version, source } = now.holding
  const found = model.sourceOf(source)
  const run = found.kind === 'there' && found.run ? ` of ${visibleName(found.run.name)}` : ''
  return `v${version} is ${visibleName(sourceName(source))}${run}, ${span}`
}

/** Who was `production` at some moment: the alias, the moment, the answer in words. */
export function Question(props: { model: RegistriesModel; collection: Collection }) {
  const { model } = props
  const { preferences } = useApp()
  const zone = () => preferences.value().timeZone
  const held = createMemo(() => {
    const now = model.answer()
    return now?.kind === 'held' ? now.holding : undefined
  })
  const found = () => {
    const holding = held()
    return holding && model.sourceOf(holding.source)
  }
  const details = () => {
    const now = found()
    if (now?.kind !== 'there') return ''
    const step = now.run?.lastStep
    const parts = [
      ...(step === null || step === undefined ? [] : [`step ${formatCount(step)}`]),
      formatBytes(now.version.bytes),
    ]
    return parts.join(', ')
  }
  return (
    <section class="registry-ask" aria-label="Who held an alias when">
      <div class="part">
        <span class="label">Who was</span>
        <Select
          label="Alias"
          value={model.alias()}
          options={model.aliases().map((alias) => ({ value: alias, text: alias }))}
          onChange={(alias) => model.set({ alias })}
        />
      </div>
      <div class="part">
        <span class="label">{`when, ${zone() === 'utc' ? 'UTC' : 'local time'}`}</span>
        <span class="when">
          <input
            type="datetime-local"
            step="1"
            aria-label="Moment"
            value={fieldOf(model.asked(), zone())}
            onChange={(event) => {
              const time = momentOfField(event.currentTarget.value, zone())
              if (Number.isFinite(time)) model.ask(time)
              // what is no moment changes nothing
              else event.currentTarget.value = fieldOf(model.asked(), zone())
            }}
          />
          <button
            type="button"
            class="text-button"
            aria-pressed={model.at() === undefined}
            onClick={() => model.ask(undefined)}
          >
            Now
          </button>
        </span>
      </div>
      <div class="answer" role="status">
        <Show when={model.answer()}>
          {(now) => (
            <>
              <span class="label">{answerSpan(now(), model.now(), zone())}</span>
              <span class="words">
                <Show
                  when={held()}
                  fallback={<b>{nobodyWords(now(), model.alias(), props.collection.name)}</b>}
                >
                  {(holding) => (
                    <>
                      <b>{`v${holding().version}`}</b>
                      <span class="is">
                        is <Name of={sourceName(holding().source)} />
                      </span>
                      <Made model={model} source={holding().source} />
                      <span class="more">{details()}</span>
                      <Show when={awayWords(found() ?? { kind: 'elsewhere' }, holding().source)}>
                        {(words) => <span class="more">{words()}</span>}
                      </Show>
                    </>
                  )}
                </Show>
              </span>
            </>
          )}
        </Show>
      </div>
      <span class="gap" />
      <Show when={held()}>
        {(holding) => (
          <span class="acts">
            <SourceActs model={model} source={holding().source} />
          </span>
        )}
      </Show>
    </section>
  )
}

/** The run that made a version. */
function Made(props: { model: RegistriesModel; source: Parameters<RegistriesModel['sourceOf']>[0] }) {
  const run = () => {
    const now = props.model.sourceOf(props.source)
    return now.kind === 'there' ? now.run : undefined
  }
  return (
    <Show when={run()}>
      {(one) => (
        <span class="run">
          of <i class="mark" style={{ '--c': props.model.colorOf(props.source) ?? 'var(--axis)' }} />
          <Name of={one().name} />
        </span>
      )}
    </Show>
  )
}
