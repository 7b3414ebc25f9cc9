import { createMemo, createSignal, For, Show } from 'solid-js'
import { movesAround } from '../../../compute/registry/holdings.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { Collection } from '../../../model/registry.ts'
import { useApp } from '../../../state/app.ts'
import { createWidth } from '../../components/width.ts'
import { BAR, LEFT, layLanes, RIGHT } from './lanes.ts'
import type { RegistriesModel } from './model.ts'
import { formatMoment } from './words.ts'

/** Letters of a label that fit into a bar, 6 px each. */
const LETTER = 6
/** With the word `now`, and with a moment. */
const NOW_CHIP = 34
const CHIP = 118

/** Who held which alias when, and the moment that is asked about: by pointer, and by keys from move to move. */
export function TimeLine(props: { model: RegistriesModel; collection: Collection; words: string }) {
  const { model } = props
  const { preferences } = useApp()
  const zone = () => preferences.value().timeZone
  const [width, measured] = createWidth()
  const [dragging, setDragging] = createSignal(false)
  const lanes = createMemo(() =>
    layLanes(props.collection, model.aliases(), {
      span: model.span(),
      width: width(),
      zone: zone(),
      now: model.now(),
    }),
  )
  const cursor = () => lanes().x(Math.min(model.span()[1], Math.max(model.span()[0], model.asked())))
  const chipWidth = () => (model.at() === undefined ? NOW_CHIP : CHIP)
  const chip = () => Math.max(LEFT, Math.min(width() - RIGHT - chipWidth(), cursor() - chipWidth() / 2))
  const bottom = () => lanes().height - 32
  const lane = () => lanes().lanes.find(({ alias }) => alias === model.alias())

  function point(event: PointerEvent & { currentTarget: Element }): { x: number; y: number } {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  function choose(event: PointerEvent & { currentTarget: Element }, withLane: boolean): void {
    const { x, y } = point(event)
    const found = withLane ? lanes().lane(y) : undefined
    if (found && found.alias !== model.alias()) model.set({ alias: found.alias })
    if (x >= LEFT - 8) model.ask(lanes().time(x))
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const [from, to] = model.span()
    const now = model.asked()
    const around = movesAround(props.collection, model.alias(), now)
    const step = (to - from) / 100
    const at = model.aliases().indexOf(model.alias())
    switch (event.key) {
      case 'ArrowLeft':
        // a moment before a move somebody else held it
        model.ask(event.shiftKey ? Math.max(from, now - step) : (around.before ?? from))
        break
      case 'ArrowRight':
        if (!event.shiftKey && around.after === undefined) model.ask(undefined)
        else model.ask(event.shiftKey ? Math.min(to, now + step) : around.after)
        break
      case 'Home':
        model.ask(from)
        break
      case 'End':
        model.ask(undefined)
        break
      case 'ArrowUp':
      case 'ArrowDown': {
        const next = model.aliases()[at + (event.key === 'ArrowDown' ? 1 : -1)]
        if (next !== undefined) model.set({ alias: next })
        break
      }
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      class="registry-lanes"
      ref={measured}
      role="slider"
      tabIndex={0}
      aria-label={`When ${visibleName(model.alias())} is asked about`}
      aria-valuemin={Math.round(model.span()[0] / 1000)}
      aria-valuemax={Math.round(model.span()[1] / 1000)}
      aria-valuenow={Math.round(Math.min(model.span()[1], Math.max(model.span()[0], model.asked())) / 1000)}
      aria-valuetext={`${visibleName(model.alias())}, ${formatMoment(model.asked(), zone())}: ${props.words}`}
      aria-description="Left and right arrows go from move to move, up and down from alias to alias"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragging(true)
        choose(event, true)
      }}
      onPointerMove={(event) => dragging() && choose(event, false)}
      onPointerUp={() => setDragging(false)}
      onPointerCancel={() => setDragging(false)}
    >
      <Show when={width() > 0}>
        <svg width={width()} height={lanes().height} aria-hidden="true">
          <For each={lanes().ticks}>
            {(tick) => (
              <>
                <path class="grid" d={`M${Math.round(tick.x) + 0.5} 12V${bottom()}`} />
                <Show
                  when={
                    Math.abs(tick.x - chip() - chipWidth() / 2) > chipWidth() / 2 + 24 &&
                    tick.x < width() - RIGHT - 40
                  }
                >
                  <text x={tick.x} y={bottom() + 19} text-anchor="middle">
                    {tick.label}
                  </text>
                </Show>
              </>
            )}
          </For>
          <path class="axis" d={`M${LEFT} ${bottom() + 0.5}H${width() - RIGHT}`} />
          <Show when={chip() + chipWidth() < width() - RIGHT - 28}>
            <text x={width() - RIGHT} y={bottom() + 19} text-anchor="end">
              now
            </text>
          </Show>
          <For each={lanes().lanes}>
            {(one) => (
              <g classList={{ chosen: one.alias === model.alias() }}>
                <text class="alias" x="16" y={one.y + 17}>
                  {shortened(visibleName(one.alias), 15)}
                </text>
                <For each={one.bars}>
                  {({ holding, x, width: wide }) => (
                    <g class="bar" style={{ '--c': model.colorOf(holding.source) ?? 'var(--ink-3)' }}>
                      <rect class="fill" x={x} y={one.y} width={wide} height={BAR}>
                        <title>{`v${holding.version}, ${formatMoment(holding.from, zone())}`}</title>
                      </rect>
                      <rect class="edge" x={x} y={one.y} width={wide} height={2} />
                      <Show when={holding.event === undefined}>
                        {/* since when is not known */}
                        <path class="unsure" d={`M${x + 0.5} ${one.y}v${BAR}`} />
                      </Show>
                      <Show when={wide > LETTER * `v${holding.version}`.length + 8}>
                        <text class="version" x={x + 5} y={one.y + 18}>
                          {`v${holding.version}`}
                        </text>
                      </Show>
                      <Show when={one.alias === model.alias() && runName(holding.source, wide)}>
                        {(name) => (
                          <text x={x + 14 + LETTER * `v${holding.version}`.length} y={one.y + 18}>
                            {name()}
                          </text>
                        )}
                      </Show>
                    </g>
                  )}
                </For>
              </g>
            )}
          </For>
          <path class="cursor" d={`M${Math.round(cursor()) + 0.5} 6V${bottom()}`} />
          <rect class="chip" x={chip()} y={bottom() + 5} width={chipWidth()} height={18} />
          <text class="chip-text" x={chip() + chipWidth() / 2} y={bottom() + 18} text-anchor="middle">
            {model.at() === undefined ? 'now' : formatMoment(model.asked(), zone())}
          </text>
          <Show when={lane()}>
            {(one) => <circle class="at" cx={Math.round(cursor()) + 0.5} cy={one().y + BAR / 2} r="4" />}
          </Show>
        </svg>
      </Show>
    </div>
  )

  /** Of the run behind a version, where there is room for it. */
  function runName(source: Parameters<RegistriesModel['sourceOf']>[0], wide: number): string | undefined {
    const found = model.sourceOf(source)
    const letters = Math.floor((wide - 40) / LETTER)
    if (found.kind !== 'there' || !found.run || letters < 6) return undefined
    return shortened(visibleName(found.run.name), letters)
  }
}

function shortened(text: string, most: number): string {
  const letters = [...text]
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text
}
