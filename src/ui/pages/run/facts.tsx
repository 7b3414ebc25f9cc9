import { createMemo, For, type JSX, Show } from 'solid-js'
import { formatWhen } from '../../../compute/alert-list.ts'
import { formatCount, formatDuration } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { RUNS } from '../ids.ts'
import type { RunModel } from './model.ts'

/** What is known of the run itself, in one line. */
export function Facts(props: { model: RunModel }) {
  const { runs, marks, preferences, location } = useApp()
  const { model } = props
  const run = () => model.run()
  const live = createMemo(() => runs.isLive(model.key() ?? ''))
  const when = (time: number) => formatWhen(time, Date.now(), preferences.value().timeZone)
  const group = () => model.group()
  const mark = createMemo(() => marks.of(model.key() ?? ''))

  function showGroup(): void {
    const members = group()
    if (!members) return
    // what the runs are grouped by stays as it is, where something is
    if (location.view().group.kind === 'none') location.patch({ group: { kind: 'seeds' } })
    location.patch({ page: RUNS })
  }

  const facts = createMemo((): [string, () => JSX.Element][] => {
    const one = run()
    if (!one) return []
    const many = group()
    return [
      ['State', () => <span class={live() ? 'live' : 'ended'}>{live() ? 'live' : 'ended'}</span>],
      [
        'Started',
        () => (
          <span title={visibleName(one.createdAt)}>
            {when(one.created) || visibleName(one.createdAt) || '–'}
          </span>
        ),
      ],
      ['Duration', () => formatDuration((one.last - one.created) / 1000)],
      ['Steps', () => (one.lastStep === null ? '–' : formatCount(one.lastStep))],
      ['Rows', () => formatCount(one.rows)],
      ...(many
        ? [
            [
              'Group',
              () => (
                <>
                  {`${visibleName(many.label)}, `}
                  <button type="button" class="link-button" onClick={showGroup}>
                    {`${formatCount(many.runs.length)} runs`}
                  </button>
                </>
              ),
            ] as [string, () => JSX.Element],
          ]
        : []),
      ...(one.group !== null && one.group !== many?.label
        ? [['Logged group', () => visibleName(one.group ?? '')] as [string, () => JSX.Element]]
        : []),
      ...(one.username !== null
        ? [['User', () => visibleName(one.username ?? '')] as [string, () => JSX.Element]]
        : []),
      ...(mark()?.tags?.length
        ? [
            [
              'Tags',
              () => (
                <span class="run-tags">
                  <For each={mark()?.tags}>{(tag) => <span>{visibleName(tag)}</span>}</For>
                </span>
              ),
            ] as [string, () => JSX.Element],
          ]
        : []),
      ...(mark()?.note
        ? [
            [
              'Note',
              () => <span title={visibleName(mark()?.note ?? '')}>{visibleName(mark()?.note ?? '')}</span>,
            ] as [string, () => JSX.Element],
          ]
        : []),
      [
        'Id',
        () => (
          <span class="mono" title={one.id ?? ''}>
            {one.id === null ? 'none stored' : visibleName(one.id)}
          </span>
        ),
      ],
    ]
  })
  return (
    <Show when={run()}>
      <dl class="run-facts">
        <For each={facts()}>
          {([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd>{value()}</dd>
            </div>
          )}
        </For>
      </dl>
    </Show>
  )
}
