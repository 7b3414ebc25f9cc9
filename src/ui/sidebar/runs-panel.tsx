import { createMemo, createSignal, lazy, Show, Suspense } from 'solid-js'
import { isSeed } from '../../compute/group.ts'
import { formatCount } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { formatGroup, parseGroup } from '../../state/address/link-values.ts'
import { useApp } from '../../state/app.ts'
import { isUsefulGroup } from '../../state/runs/runs.ts'
import { TriState, type TriValue } from '../components/checks.tsx'
import { Popover } from '../components/popover.tsx'
import { Select } from '../components/select.tsx'
import { FilterField } from './filter-field.tsx'
import { RunList } from './run-list.tsx'

// of one chunk with the heads of groups, which comes right after the charts
const GroupDraw = lazy(async () => ({ default: (await import('./group-row.tsx')).GroupDraw }))
// fetched when it is opened, and for colours that are not the runs' own
const ValueOrder = lazy(async () => ({ default: (await import('./value-order.tsx')).ValueOrder }))
const ColorByKey = lazy(async () => ({ default: (await import('./color-by.tsx')).ColorByKey }))

/** The runs and what acts on all of them: for the sidebar and for the phone's sheet. */
export function RunsPanel(props: { touch?: boolean | undefined }) {
  const { runs, location } = useApp()
  const group = location.field('group')
  return (
    <div class="runs-panel">
      <RunsHead />
      <FilterField />
      <Show when={group().kind !== 'none'}>
        <Suspense>
          <GroupDraw />
        </Suspense>
      </Show>
      <RunsColumns />
      <Show when={runs.colorKey()}>
        <ColorByKey />
      </Show>
      <RunList touch={props.touch} />
    </div>
  )
}

function RunsHead() {
  const { runs, location } = useApp()
  const shownListed = createMemo(() => runs.listed().filter((key) => runs.isShown(key)).length)
  const state = (): TriValue =>
    shownListed() === 0 ? false : shownListed() === runs.listed().length ? true : 'mixed'
  const count = () =>
    runs.filtering()
      ? `${formatCount(shownListed())} of ${formatCount(runs.listed().length)} matching`
      : `${formatCount(runs.shownCount())} of ${formatCount(runs.all().length)}`
  const latest = () => location.view().shown.kind === 'latest'
  return (
    <div class="runs-head">
      <TriState label="All runs" value={state()} onChange={(on) => runs.set(runs.listed(), on)} />
      <h2>Runs</h2>
      <span class="count">{count()}</span>
      <span class="gap" />
      <GroupSelect />
      <button
        type="button"
        class="text-button"
        role="switch"
        aria-label="Latest only"
        aria-checked={latest()}
        title="Show only the newest run, also when another one starts"
        onClick={() => runs.setLatest(!latest())}
      >
        Latest
      </button>
    </div>
  )
}

/** Grouping by configuration: what is left apart in a group is noise. */
const SEEDS = 'all keys but seed'

/**
 * Groups by what trackio stores, by any config key that differs between runs, or by a pattern in the name.
 */
function GroupSelect() {
  const { runs, location } = useApp()
  const [asking, setAsking] = createSignal(false)
  const group = location.field('group')
  const options = createMemo(() => [
    { value: 'none', text: 'Group' },
    ...(group().kind === 'seeds' ||
    runs.configKeys().some(({ path, distinct }) => distinct > 1 && isSeed(path))
      ? [{ value: 'seeds', text: SEEDS }]
      : []),
    ...(isUsefulGroup(runs.all(), 'group') ? [{ value: 'group', text: 'group' }] : []),
    ...(isUsefulGroup(runs.all(), 'username') ? [{ value: 'username', text: 'user' }] : []),
    ...(group().kind === 'regex'
      ? [{ value: formatGroup(group()), text: formatGroup(group()).slice(6) }]
      : []),
    { value: 'pattern', text: 'pattern in the name…' },
  ])
  const keys = createMemo(() =>
    runs
      .configKeys()
      .filter(({ distinct }) => distinct > 1)
      .map(({ path }) => ({ value: `config:${path}`, text: path })),
  )

  function onChange(value: string): void {
    setAsking(value === 'pattern')
    const next = parseGroup(value)
    // whoever puts seeds together asks for what they have in common
    if (next) location.patch({ group: next, ...(next.kind === 'seeds' && { draw: 'groups' }) })
  }

  return (
    <Show
      when={!asking()}
      fallback={
        <input
          class="text-button"
          style={{ width: '92px', background: 'var(--sunken)' }}
          aria-label="Pattern of the group"
          placeholder="seed-(\d+)"
          ref={(input) => queueMicrotask(() => input.focus())}
          onChange={(event) => {
            const source = event.currentTarget.value
            if (source !== '') location.patch({ group: { kind: 'regex', source } })
            setAsking(false)
          }}
          onBlur={() => setAsking(false)}
        />
      }
    >
      <Select
        label="Group by"
        title="Group by"
        value={formatGroup(group())}
        options={options()}
        groups={keys().length > 0 ? [{ label: 'Config', options: keys() }] : []}
        onChange={onChange}
      />
    </Show>
  )
}

/** What the two columns of the list are; the right one sets value and order. */
function RunsColumns() {
  const { runs, location } = useApp()
  const group = location.field('group')
  const title = () => {
    const key = group()
    return key.kind === 'none'
      ? 'newest first'
      : key.kind === 'config'
        ? key.path
        : key.kind === 'regex'
          ? key.source
          : key.kind === 'seeds'
            ? SEEDS
            : key.kind
  }
  const sorted = () => location.view().rank !== undefined
  const words = () =>
    runs.rank() ? `${visibleName(runs.rank()?.metric ?? '')}, ${runs.rank()?.by}` : 'value'
  return (
    <div class="runs-cols">
      <span title={visibleName(title())}>
        {visibleName(sorted() && group().kind === 'none' ? `by ${runs.rank()?.metric}` : title())}
      </span>
      <Popover
        label={`Value and order: ${words()}`}
        class="text-button"
        title="Value and order"
        button={words()}
      >
        <ValueOrder />
      </Popover>
    </div>
  )
}
