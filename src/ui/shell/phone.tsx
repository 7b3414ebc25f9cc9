import '../styles/phone.css'
import { createSignal, Match, Show, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { formatCount } from '../../compute/number.ts'
import { nameInText } from '../../compute/visible-name.ts'
import { useApp } from '../../state/app.ts'
import { Dialog } from '../components/dialog.tsx'
import { Icon } from '../components/icon.tsx'
import { Name } from '../components/name.tsx'
import {
  ColumnsControl,
  MetricSearch,
  RangeControl,
  SmoothingControl,
  XControl,
  XScaleControl,
  YScaleControl,
} from '../pages/metrics/controls.tsx'
import type { PageEntry, PageProps } from '../pages/page-entry.ts'
import { ChartSettingsForm } from '../sidebar/chart-settings-form.tsx'
import { RunsPanel } from '../sidebar/runs-panel.tsx'
import { SourceBlock, SourceState } from '../sidebar/source-block.tsx'
import { Nav } from './header.tsx'
import { Happening } from './status-bar.tsx'

type Sheet = 'source' | 'runs' | 'smoothing' | 'axes'

/**
 * Head, one column of charts, and a bar whose buttons open sheets from below; search and bar are those of
 * charts.
 */
export function PhoneFrame(props: { page: PageEntry | undefined } & Omit<PageProps, 'frame'>) {
  const { runs, location, sources, view } = useApp()
  const [sheet, setSheet] = createSignal<Sheet>()
  const [searching, setSearching] = createSignal(false)
  let search: HTMLDivElement | undefined
  const charts = () => props.page?.needs === 'charts'
  // a touch on the glass means to type
  const toggleSearch = () => {
    setSearching(!searching())
    search?.querySelector('input')?.focus()
  }
  const axes = () => {
    const x = view.x()
    const name =
      x.kind === 'metric'
        ? x.name
        : x.kind === 'step'
          ? 'Step'
          : x.kind === 'relative'
            ? 'Relative time'
            : 'Wall time'
    return `${name}, ${location.view().yScale}`
  }
  return (
    <div class="app bare">
      <div class="main">
        <header class="phone-head">
          <button
            type="button"
            class="icon-button"
            aria-label="Source and project"
            onClick={() => setSheet('source')}
          >
            <Icon name="menu" />
          </button>
          <div class="title">
            <b>
              <Name of={sources.project()?.name ?? 'Trackio Lite'} />
            </b>
            <Show when={sources.source()}>
              {(source) => (
                <>
                  {`${nameInText(source().info.name)}, `}
                  <SourceState source={source()} />
                </>
              )}
            </Show>
          </div>
          <Show when={charts()}>
            <button
              type="button"
              class="icon-button"
              aria-label="Search"
              aria-expanded={searching()}
              onClick={toggleSearch}
            >
              <Icon name="search" />
            </button>
          </Show>
          <button type="button" class="icon-button" aria-label="Jump to" onClick={() => props.onPalette()}>
            <Icon name="more" />
          </button>
        </header>
        <Show when={location.view().navbar}>
          <Nav class="phone-nav" />
        </Show>
        <Show when={searching() && charts()}>
          <div class="phone-search" ref={search}>
            <MetricSearch />
          </div>
        </Show>
        <Dynamic
          component={props.page?.view}
          frame="phone"
          onKeys={props.onKeys}
          onPalette={props.onPalette}
        />
        <div class="strip">
          <Happening />
        </div>
        <Show when={charts()}>
          {/** biome-ignore lint/a11y/useAriaPropsSupportedByRole: the words belong to a landmark of the page */}
          <footer class="phone-bar" aria-label="View">
            <button type="button" aria-haspopup="dialog" onClick={() => setSheet('runs')}>
              <span>Runs</span>
              <b>{`${formatCount(runs.shownCount())} of ${formatCount(runs.all().length)}`}</b>
            </button>
            <button type="button" aria-haspopup="dialog" onClick={() => setSheet('smoothing')}>
              <span>Smoothing</span>
              <b>{location.view().smoothing.auto ? 'auto' : location.view().smoothing.width}</b>
            </button>
            <button type="button" aria-haspopup="dialog" onClick={() => setSheet('axes')}>
              <span>Axes</span>
              <b>
                <Name of={axes()} />
              </b>
            </button>
          </footer>
        </Show>
      </div>
      <Show when={sheet()}>
        {(open) => (
          <Dialog label={TITLES[open()]} class="bottom-sheet" onClose={() => setSheet(undefined)}>
            <div class="grab" />
            <Switch>
              <Match when={open() === 'source'}>
                <SourceBlock plain onDone={() => setSheet(undefined)} />
              </Match>
              <Match when={open() === 'runs'}>
                <RunsPanel touch />
              </Match>
              <Match when={open() === 'smoothing'}>
                <div class="sheet-form">
                  <SmoothingControl />
                  <ChartSettingsForm />
                </div>
              </Match>
              <Match when={open() === 'axes'}>
                <div class="sheet-form">
                  <XControl />
                  <XScaleControl />
                  <YScaleControl />
                  <RangeControl />
                  <ColumnsControl />
                </div>
              </Match>
            </Switch>
          </Dialog>
        )}
      </Show>
    </div>
  )
}

const TITLES: Record<Sheet, string> = {
  source: 'Source and project',
  runs: 'Runs shown',
  smoothing: 'Smoothing',
  axes: 'Axes',
}
