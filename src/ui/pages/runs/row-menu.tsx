import '../../styles/slot-picker.css'
import { createMemo, createSignal, onCleanup, onMount, Show } from 'solid-js'
import { slotStyle } from '../../../compute/color.ts'
import { formatPlural } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { RunKey } from '../../../model/run.ts'
import { useApp } from '../../../state/app.ts'
import type { AskedChange } from '../../common/change-runs.tsx'
import { copyText } from '../../common/clipboard.ts'
import { firstFocusable } from '../../components/focus.ts'
import { MenuItems } from '../../components/menu-items.tsx'
import { Swatch } from '../../components/swatch.tsx'
import type { Line } from './lines.ts'
import { keysOf, type RunsModel } from './model.ts'

const SLOTS = Array.from({ length: 20 }, (_, slot) => slot)

export interface RowMenuProps {
  model: RunsModel
  line: Line
  /** What it opens beside. */
  button: HTMLElement
  onClose(): void
  /** Something has to be asked first. */
  onChange?(what: AskedChange, keys: readonly RunKey[]): void
}

/** What can be done with a run, or with all runs of a group; of a run also what a person writes about it. */
export function RowMenu(props: RowMenuProps) {
  const { runs, changes } = useApp()
  let panel: HTMLDivElement | undefined
  const keys = createMemo(() => keysOf(props.model, props.line))
  const run = createMemo(() => (props.line.kind === 'run' ? props.model.all()[props.line.run] : undefined))
  const name = () => run()?.name ?? (props.line.kind === 'group' ? props.line.label : '')
  let open = true

  onMount(() => {
    const at = props.button.getBoundingClientRect()
    panel?.showPopover()
    if (!panel) return
    const { offsetWidth: width, offsetHeight: height } = panel
    const below = at.bottom + height <= innerHeight || at.top < height
    panel.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`
    panel.style.top = `${Math.max(8, below ? at.bottom : at.top - height)}px`
    firstFocusable(panel)?.focus()
  })
  onCleanup(() => {
    open = false
  })

  function close(): void {
    if (open) panel?.hidePopover()
  }

  return (
    <div
      ref={panel}
      popover="auto"
      class="popover row-menu"
      role="dialog"
      aria-label={`More about ${name()}`}
      onToggle={(event) => event.newState === 'closed' && open && props.onClose()}
    >
      <p class="row-menu-name">{visibleName(name())}</p>
      <div class="menu-head">Colour</div>
      <div class="palette-grid" role="radiogroup" aria-label="Colour">
        {SLOTS.map((slot) => (
          // biome-ignore lint/a11y/useSemanticElements: drawn as a swatch
          <button
            type="button"
            role="radio"
            aria-checked={slot === runs.slot(keys()[0] ?? '')}
            aria-label={`Style ${slot + 1}`}
            onClick={() => runs.setSlot(keys(), slot)}
          >
            <Swatch
              color={`var(--run-${slotStyle(slot).color})`}
              dash={slotStyle(slot).dash}
              on={slot === runs.slot(keys()[0] ?? '')}
            />
          </button>
        ))}
      </div>
      <MenuItems
        plain
        items={[
          { text: 'Own colour again', onSelect: () => runs.setSlot(keys(), undefined) },
          undefined,
          {
            text:
              keys().length === 1
                ? 'Show only this run'
                : `Show only these ${formatPlural(keys().length, 'run')}`,
            note: 'o',
            onSelect: () => {
              runs.solo(keys())
              close()
            },
          },
          {
            text: props.model.isBaseline(props.line) ? 'No baseline' : 'Make it the baseline',
            note: 'b',
            onSelect: () => {
              props.model.setBaseline(props.model.isBaseline(props.line) ? undefined : props.line)
              close()
            },
          },
          {
            text: 'Copy name',
            onSelect: () => {
              void copyText(name())
              close()
            },
          },
          ...(run()?.id
            ? [
                {
                  text: 'Copy id',
                  onSelect: () => {
                    void copyText(run()?.id ?? '')
                    close()
                  },
                },
              ]
            : []),
          undefined,
          {
            text: 'Move to another project',
            dialog: true,
            onSelect: () => {
              close()
              if (changes.ready()) props.onChange?.('move', keys())
            },
          },
          {
            text: keys().length === 1 ? 'Delete run' : `Delete ${formatPlural(keys().length, 'run')}`,
            note: 'Del',
            onSelect: () => {
              const all = keys()
              close()
              void changes.delete(all)
            },
          },
        ]}
      />
      <Show when={run()}>{(one) => <Written runKey={one().key} name={one().name} onDone={close} />}</Show>
    </div>
  )
}

/** Name, note and tags, and where they are kept. */
function Written(props: { runKey: string; name: string; onDone(): void }) {
  const { marks, runs, changes, sources } = useApp()
  /** Its name is changed where it lies; else in this view alone. */
  const there = () => changes.access().kind !== 'no'
  const mark = () => marks.of(props.runKey)
  const [name, setName] = createSignal<string>()
  const [note, setNote] = createSignal<string>()
  const [tags, setTags] = createSignal<string>()
  const [failure, setFailure] = createSignal('')

  async function save(event: Event): Promise<void> {
    event.preventDefault()
    setFailure('')
    const renamed = name()?.trim()
    const [words, list] = [note(), tags()]
    try {
      if (renamed && renamed !== props.name) {
        if (there()) await changes.rename(props.runKey, renamed)
        else runs.rename(props.runKey, renamed)
      }
      // what nobody typed in stays, read or not
      await changes.write(props.runKey, {
        ...(words !== undefined && { note: words }),
        ...(list !== undefined && { tags: list.split(',').flatMap((tag) => tag.trim() || []) }),
      })
      props.onDone()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <form class="row-written" onSubmit={(event) => void save(event)}>
      <Field label="Name" value={name() ?? props.name} onInput={setName} />
      <Field
        label="Tags"
        value={tags() ?? mark()?.tags?.join(', ') ?? ''}
        placeholder="paper, rerun"
        onInput={setTags}
      />
      <label>
        Note
        <textarea
          rows={3}
          value={note() ?? mark()?.note ?? ''}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
      <p class="note">
        {marks.place() === 'project'
          ? 'Kept in the project.'
          : there()
            ? `The name is changed in ${sources.source()?.info.name}; notes and tags are kept in this browser.`
            : 'The source is only read: the name is kept in the link, notes and tags in this browser.'}{' '}
        Filter: <code>tag = paper</code>, <code>note ~ text</code>
      </p>
      <Show when={failure()}>
        <p class="failure" role="alert">
          {failure()}
        </p>
      </Show>
      <button type="submit" class="button primary">
        Save
      </button>
    </form>
  )
}

function Field(props: { label: string; value: string; placeholder?: string; onInput(value: string): void }) {
  return (
    <label>
      {props.label}
      <div class="field">
        <input
          value={props.value}
          placeholder={props.placeholder}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      </div>
    </label>
  )
}
