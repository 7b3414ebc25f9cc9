import { createMemo, Show } from 'solid-js'
import { fileName } from '../../../compute/file-name.ts'
import { formatCount } from '../../../compute/number.ts'
import { REPORT_ORDERS, type ReportOrder } from '../../../compute/report-list.ts'
import { useApp } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { copyLink, copyText } from '../../common/clipboard.ts'
import { modified } from '../../common/keys.ts'
import { HitWalk } from '../../components/hit-walk.tsx'
import { Icon } from '../../components/icon.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Select } from '../../components/select.tsx'
import type { ReportsModel } from './model.ts'
import { printReport } from './printing.ts'

const ORDERS: Record<ReportOrder, string> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  highest: 'Highest step',
  lowest: 'Lowest step',
}

export interface ReportSearch {
  /** Hits in the report that is shown, and which of them is the current one, from 0. */
  here: number
  at: number
  go(by: 1 | -1): void
  ref(field: HTMLInputElement): void
}

/** What is searched for, in which order, against what; what the report is taken as. */
export function ReportsToolbar(props: {
  model: ReportsModel
  search: ReportSearch
  /** Of the report that is shown. */
  text: string | undefined
  /** There is room for only one of the two. */
  alone: 'list' | 'report' | undefined
}) {
  const app = useApp()
  const { model } = props
  const found = () => {
    const hits = model.hits()
    if (model.text() === '' || !hits) return ''
    const total = [...hits.hits.values()].reduce((sum, n) => sum + n, 0)
    const more = model.searching() ? '+' : ''
    if (total === 0) return model.searching() ? '' : 'none'
    const here =
      props.search.here > 0
        ? `${formatCount(props.search.at + 1)} of ${formatCount(props.search.here)}, `
        : ''
    return `${here}${formatCount(total)}${more} in ${formatCount(hits.hits.size)}`
  }
  /** Steps to compare with, newest first. */
  const steps = createMemo(() =>
    model
      .steps()
      .filter(({ id, step }) => id !== model.chosen()?.id && !Number.isNaN(step))
      .toReversed()
      .map(({ step }) => ({ value: String(step), text: `step ${formatCount(step, 10)}` })),
  )
  const name = (ending: string) => {
    const { key = 'report', run = '', step = Number.NaN } = model.chosen() ?? {}
    const at = Number.isNaN(step) ? [] : [String(step)]
    return fileName([app.sources.project()?.name ?? '', key, model.runName(run), ...at], ending)
  }
  return (
    <div class="toolbar own reports-toolbar" role="toolbar" aria-label="Reports">
      <Show
        when={props.alone !== 'report'}
        fallback={
          <button type="button" class="text-button" onClick={() => model.close()}>
            <Icon name="left" /> All reports
          </button>
        }
      >
        <SearchField
          label="Search reports"
          placeholder="Search reports"
          hint={modified('⌘F')}
          ref={props.search.ref}
          value={model.text()}
          onInput={(q) => model.set({ q })}
        >
          <Show when={model.text() !== ''}>
            <HitWalk
              words={found()}
              none={(model.hits()?.hits.size ?? 0) === 0}
              onWalk={(by) => props.search.go(by)}
            />
          </Show>
        </SearchField>
        <span class="control">
          <span class="word">Sort</span>
          <Select
            label="Sort"
            value={model.order()}
            options={REPORT_ORDERS.map((value) => ({ value, text: ORDERS[value] }))}
            onChange={(sort) => model.set({ sort: sort === 'newest' ? '' : sort })}
          />
        </span>
      </Show>
      <Show when={model.steps().length > 1 && props.alone !== 'list'}>
        <span class="control">
          <span class="word">Against</span>
          <Select
            label="Compare with"
            title="What changed since another step of this report"
            value={model.own().diff ?? ''}
            options={[
              { value: '', text: 'nothing' },
              { value: 'before', text: 'the step before' },
              ...steps(),
            ]}
            onChange={(diff) => {
              const now = model.chosen()
              if (now) model.set({ ...model.nameOf(now), diff })
            }}
          />
        </span>
      </Show>
      <span class="gap" />
      <Show when={props.text}>
        {(text) => (
          <>
            <Popover label="Markdown" class="text-button" role="menu" button="Markdown">
              <MenuItems
                items={[
                  { text: 'Copy as Markdown', onSelect: () => void copyText(text()) },
                  {
                    text: 'Download .md',
                    onSelect: () => save(new Blob([text()], { type: 'text/markdown' }), name('md')),
                  },
                ]}
              />
            </Popover>
            <button type="button" class="text-button" onClick={() => void printReport(app)}>
              Print
            </button>
          </>
        )}
      </Show>
      <Show when={!props.alone}>
        <button type="button" class="text-button" onClick={() => void copyLink(app)}>
          Copy link
        </button>
      </Show>
    </div>
  )
}
