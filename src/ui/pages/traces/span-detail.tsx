import { createMemo, For, Show } from 'solid-js'
import { type JsonMedia, jsonText } from '../../../compute/json-text.ts'
import { formatCount } from '../../../compute/number.ts'
import { usageOf } from '../../../compute/trace-messages.ts'
import { spanText } from '../../../compute/trace-spans.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { Words } from './message.tsx'
import type { TracesModel } from './model.ts'
import { Picture } from './picture.tsx'
import { costWords, durationWords } from './words.ts'

/** All that one span says. */
export function SpanDetail(props: { model: TracesModel; row: number; critical: boolean }) {
  const { model } = props
  const tree = () => model.tree()
  const span = createMemo(() => tree().spans[props.row] ?? {})
  const texts = createMemo(() => spanText(span()))
  const media = createMemo(() => {
    const found: JsonMedia[] = []
    jsonText(span(), found)
    return found
  })
  const facts = createMemo(() => {
    const { model: name, status } = span()
    const usage = usageOf(span().usage)
    const duration = tree().duration[props.row] ?? Number.NaN
    const start = (tree().start[props.row] ?? Number.NaN) - tree().from
    const whole = tree().to - tree().from
    const share = Math.round((100 * duration) / whole)
    const all: [string, string][] = [
      ['kind', tree().kinds[props.row] ?? ''],
      ['model', typeof name === 'string' ? name : ''],
      ['start', Number.isNaN(start) ? 'not logged' : `+${durationWords(start)}`],
      [
        'duration',
        Number.isNaN(duration)
          ? 'not logged'
          : `${durationWords(duration)}${Number.isNaN(share) ? '' : `, ${share} % of the trace`}`,
      ],
      ['status', typeof status === 'string' ? status : 'not logged'],
      [
        'tokens',
        Number.isNaN(usage.total)
          ? ''
          : `${formatCount(usage.total)}${Number.isNaN(usage.input) ? '' : `, ${formatCount(usage.input)} in`}${Number.isNaN(usage.output) ? '' : `, ${formatCount(usage.output)} out`}`,
      ],
      ['cost', costWords(tree().cost[props.row] ?? Number.NaN)],
      ['path', props.critical ? 'critical' : ''],
      ['id', tree().ids[props.row] ?? ''],
    ]
    return all.filter(([, value]) => value !== '')
  })
  const part = (name: string, text: string, failed = false) => (
    <Show when={text !== ''}>
      <div class="span-part" classList={{ failed }}>
        <h3>{name}</h3>
        <Words text={text} wanted={model.text()} />
      </div>
    </Show>
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, with the keys too
    <section class="span-detail" tabIndex={0} aria-label="The chosen span">
      <div class="span-part facts">
        <h3>{visibleName(tree().names[props.row] ?? '')}</h3>
        <dl>
          <For each={facts()}>
            {([name, value]) => (
              <>
                <dt>{name}</dt>
                <dd>{visibleName(value)}</dd>
              </>
            )}
          </For>
        </dl>
      </div>
      {part('error', texts().error, true)}
      {part('output', texts().output)}
      {part('input', texts().input)}
      {part('metadata', texts().metadata)}
      {part('further keys', texts().more)}
      <For each={media()}>
        {(one) => (
          <div class="span-part">
            <Picture media={one} />
          </div>
        )}
      </For>
    </section>
  )
}
