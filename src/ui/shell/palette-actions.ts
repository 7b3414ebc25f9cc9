import { KIND_NAMES } from '../../compute/smoothing-words.ts'
import { SMOOTHING_KINDS } from '../../model/view.ts'
import { DEFAULT_VIEW } from '../../state/address/link.ts'
import { useApp } from '../../state/app.ts'
import { save } from '../../state/base/save.ts'
import { copyLink, copyText } from '../common/clipboard.ts'
import { modified } from '../common/keys.ts'
import { useOpener } from '../common/opener.ts'
import { wordsFor } from '../common/source-words.ts'
import { createFolds } from '../pages/metrics/folds.ts'
import { scrollToMetric } from '../pages/metrics/sheet.tsx'
import { innerPages, pages, settingsPage } from '../pages/registry.ts'
import { SECTIONS, wordsOfSection } from '../pages/settings/settings-list.ts'
import { DOWNLOADS } from '../sidebar/source-menu.tsx'
import type { Findable } from './palette-search.ts'

export interface Action extends Findable {
  /** What it is about, where that is not plain. */
  note?: string
  key?: string | undefined
  /** It leads to a dialog in the palette's place. */
  dialog?: boolean
  run(): void
}

/** An action on one chart, which has to be known first. */
export interface ChartAction extends Findable {
  key?: string | undefined
  dialog?: boolean
  run(metric: string): void
}

export interface ActionsOptions {
  onKeys(): void
  /** Does what a single key of the page does. */
  press(key: string): void
  publish(): void
  figure(metric: string): void
}

/** Everything that can be done to the page and its data, by the words people use for it. */
export function createActions(options: ActionsOptions): () => Action[] {
  const app = useApp()
  const { location, metrics, runs, view, setTheme, sources, library, downloads, preferences } = app
  const opener = useOpener()
  const folds = createFolds()
  const press = (key: string) => () => options.press(key)

  const always = (): Action[] => [
    ...[...pages, ...innerPages].map((page) => ({
      text: page.label,
      note: 'page',
      key: page.key && `g ${page.key}`,
      run: () => location.patch({ page: page.id }),
    })),
    {
      text: settingsPage.label,
      note: 'page',
      words: 'preferences options',
      run: () => location.patch({ page: settingsPage.id }),
    },
    ...SECTIONS.map(({ id, title }) => ({
      text: title,
      note: 'choices',
      words: `settings preferences options ${wordsOfSection(id)}`,
      run: () =>
        location.patch({
          page: settingsPage.id,
          own: { ...location.view().own, [settingsPage.id]: { section: id } },
        }),
    })),
    {
      text: 'Open a source',
      words: 'load import add file folder url dataset',
      key: modified('⌘O'),
      run: () => location.patch({ page: location.pages.open }),
    },
    { text: 'Open files', words: 'load import add db database parquet', run: () => opener.chooseFiles() },
    { text: 'Light theme', words: 'white day mode appearance colours', run: () => setTheme('light') },
    { text: 'Dark theme', words: 'black night mode appearance colours', run: () => setTheme('dark') },
    { text: 'Theme of the system', words: 'auto mode appearance colours', run: () => setTheme('auto') },
    { text: 'Times in UTC', words: 'time zone clock', run: () => preferences.set({ timeZone: 'utc' }) },
    {
      text: 'Times of this place',
      words: 'local time zone clock',
      run: () => preferences.set({ timeZone: 'local' }),
    },
    { text: 'Keys', words: 'keyboard shortcuts hotkeys help', key: '?', run: options.onKeys },
    { text: 'Copy link', words: 'share url address', key: modified('⇧⌘C'), run: () => void copyLink(app) },
    {
      text: 'Recent changes',
      words: 'undo history renamed deleted moved runs journal',
      run: () => app.changes.showList(true),
    },
    { text: 'Undo a change of the view', key: modified('⌘Z'), run: location.undo },
    { text: 'Redo it', words: 'a change of the view', key: modified('⇧⌘Z'), run: location.redo },
  ]

  const charts = (): Action[] => [
    { text: 'Smoothing', words: 'smooth ema average moving', key: 's', run: press('s') },
    {
      text: 'Smoothing automatic',
      words: 'default honest',
      run: () => location.patch({ smoothing: DEFAULT_VIEW.smoothing }),
    },
    { text: 'Smoothing off', words: 'raw as logged none', run: () => smooth({ width: 0 }) },
    ...SMOOTHING_KINDS.map((kind) => ({
      text: `Smoothing kind: ${KIND_NAMES[kind]}`,
      words: 'smooth average moving',
      run: () => smooth({ kind, ...(location.view().smoothing.width === 0 ? { width: 10 } : {}) }),
    })),
    {
      text: location.view().raw ? 'Hide the raw lines' : 'Show the raw lines',
      words: 'logged original behind smoothing',
      run: () => location.patch({ raw: !location.view().raw }),
    },
    {
      text: location.view().yScale === 'log' ? 'Linear y axes' : 'Log y axes',
      words: 'log linear logarithmic scale',
      key: 'l',
      run: press('l'),
    },
    {
      text: location.view().xScale === 'log' ? 'Linear x axes' : 'Log x axes',
      words: 'log linear logarithmic scale',
      run: () => location.patch({ xScale: location.view().xScale === 'log' ? 'linear' : 'log' }),
    },
    {
      text: 'Chart of several metrics',
      words: 'combine compare panel regular expression multiple together',
      run: () => view.editSeveral(''),
    },
    { text: 'Next x axis', words: 'step relative wall time elapsed', key: 'x', run: press('x') },
    { text: 'X axis: step', words: 'steps', run: () => axis('step') },
    { text: 'X axis: relative time', words: 'elapsed duration hours', run: () => axis('relative') },
    { text: 'X axis: wall time', words: 'clock date', run: () => axis('wall') },
    {
      text: 'Range robust',
      words: 'y limits without outliers',
      run: () => location.patch({ range: 'robust' }),
    },
    {
      text: 'Range full',
      words: 'y limits all values outliers',
      run: () => location.patch({ range: 'full' }),
    },
    { text: 'Range from zero', words: 'y limits start at 0', run: () => location.patch({ range: 'zero' }) },
    { text: 'Reset zoom', words: 'unzoom all', key: '0', run: press('0') },
    { text: 'Zoom back', words: 'previous out', key: '[', run: press('[') },
    { text: 'Zoom forward', words: 'next in', key: ']', run: press(']') },
    { text: 'Next chart', words: 'down', key: 'j', run: press('j') },
    { text: 'Previous chart', words: 'up', key: 'k', run: press('k') },
    { text: 'Search metrics', words: 'find filter charts', key: 'f', run: press('f') },
    ...(['auto', 1, 2, 3, 4, 6] as const).map((columns) => ({
      text: columns === 1 ? '1 column' : `${columns === 'auto' ? 'Automatic' : columns} columns`,
      words: 'layout grid size of charts columns',
      run: () => location.patch({ columns }),
    })),
    { text: 'Fold all sections', words: 'collapse close', run: () => folds.all(true) },
    { text: 'Unfold all sections', words: 'expand open', run: () => folds.all(false) },
  ]

  const ofRuns = (): Action[] => [
    { text: 'Sidebar', words: 'show hide toggle panel runs', key: '\\', run: press('\\') },
    { text: 'Filter runs', words: 'find search config', key: '/', run: press('/') },
    { text: 'Show all runs', words: 'select every', run: () => show(true) },
    { text: 'Hide all runs', words: 'select none deselect clear', run: () => show(false) },
    { text: 'Show newest 50 runs', words: 'latest last', run: runs.showNewest },
    { text: 'Show the newest run alone', words: 'latest only follow', run: () => runs.setLatest(true) },
    { text: 'Spread colours over shown runs', words: 'color palette', run: runs.spreadColors },
    { text: 'Own colours again', words: 'color palette reset', run: () => location.patch({ slots: {} }) },
    {
      text: 'No groups of runs',
      words: 'ungroup grouping none',
      run: () => location.patch({ group: { kind: 'none' } }),
    },
    {
      text: 'Group runs by their group',
      words: 'grouping seeds',
      run: () => location.patch({ group: { kind: 'group' } }),
    },
    ...runs
      .configKeys()
      .filter(({ distinct }) => distinct > 1)
      .map(({ path }) => ({
        text: `Group runs by ${path}`,
        words: 'grouping config seeds',
        run: () => location.patch({ group: { kind: 'config' as const, path } }),
      })),
  ]

  function ofSource(): Action[] {
    const project = sources.project()
    const source = sources.source()
    if (!project || !source) return []
    // a server gives out rows, not files
    const copyable = source.info.link?.as !== 'server'
    const others = sources.projects().filter(({ id }) => id !== project.id)
    return [
      ...DOWNLOADS.filter(({ form }) => copyable || form === 'csv').map(({ form, text }) => ({
        text,
        words: `export save backup project all rows ${form === 'html' ? 'html share' : ''}`,
        run: () => void downloads.project(project.id, project.name, form),
      })),
      ...(copyable
        ? [
            {
              text: 'Keep a copy in this browser',
              words: 'save store offline backup',
              run: () => void library.keep(project.id, project.name),
            },
            {
              text: 'Publish to the Hub',
              words: 'share upload space dashboard huggingface deploy',
              dialog: true,
              run: options.publish,
            },
          ]
        : []),
      ...others.map((other) => {
        const on = sources.beside().some(({ id }) => id === other.id)
        const words = wordsFor(sources, other)
        return {
          text: on ? `Stop comparing with ${words}` : `Compare with ${words}`,
          note: 'project',
          words: 'beside overlay',
          run: () => sources.setBeside(other.id, !on),
        }
      }),
      ...(others.length === 0
        ? [
            {
              text: 'Compare with another project',
              words: 'beside overlay open',
              run: () => location.patch({ page: location.pages.open }),
            },
          ]
        : []),
      ...sources.projects().map((other) => ({
        text: wordsFor(sources, other),
        note: 'project',
        words: 'switch go',
        run: () => sources.select(other.id),
      })),
      {
        text: `Close ${source.info.name}`,
        words: 'remove source',
        run: () => void sources.close(source.info.id),
      },
    ]
  }

  function smooth(change: Partial<ReturnType<typeof location.view>['smoothing']>): void {
    // whoever chooses a width or a kind has chosen both
    location.patch({ smoothing: { ...location.view().smoothing, auto: undefined, ...change } })
  }
  function axis(kind: 'step' | 'relative' | 'wall'): void {
    view.setX({ kind })
  }
  function show(on: boolean): void {
    runs.set(
      runs.all().map(({ key }) => key),
      on,
    )
  }
  const some = () => sources.project() !== undefined && metrics.listed().length + view.runs().length > 0
  return () => [...(some() ? charts() : []), ...always(), ...(some() ? ofRuns() : []), ...ofSource()]
}

/** Everything that can be done to one chart. */
export function createChartActions(options: ActionsOptions): ChartAction[] {
  const { view, sources } = useApp()

  async function attempt(metric: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      sources.fail(error, metric)
    }
  }
  const png = (metric: string) =>
    import('../charts/figure/figure.ts').then(({ quickPng }) => quickPng(view, metric))

  return [
    { text: 'Show as table', words: 'values numbers rows toggle chart data', key: 't', run: showTable },
    {
      text: 'Full screen',
      words: 'fullscreen maximize maximise enlarge expand zoom',
      key: 'Enter',
      run: (metric) => view.setFullscreen(metric),
    },
    {
      text: 'Log y axis',
      words: 'logarithmic linear scale this chart',
      key: 'L',
      run: (metric) => view.setYScale(metric, view.yScale(metric) === 'log' ? 'linear' : 'log'),
    },
    {
      text: 'Pin',
      words: 'unpin top favourite first this chart',
      key: 'p',
      run: (metric) => view.setPinned(metric, !view.isPinned(metric)),
    },
    {
      text: 'Download CSV',
      words: 'export save data rows values spreadsheet excel',
      run: (metric) => void attempt(metric, () => view.downloadCsv(metric)),
    },
    {
      text: 'Save figure',
      words: 'export download png svg image picture plot paper vector print',
      dialog: true,
      run: (metric) => options.figure(metric),
    },
    {
      text: 'Download PNG',
      words: 'export save image picture figure plot screenshot',
      run: (metric) =>
        void attempt(metric, async () => {
          const { figureName } = await import('../charts/figure/figure.ts')
          save(await png(metric), figureName(view, metric, 'png'))
        }),
    },
    {
      text: 'Copy image',
      words: 'png picture figure clipboard screenshot',
      run: (metric) =>
        void attempt(metric, () =>
          navigator.clipboard.write([new ClipboardItem({ 'image/png': png(metric) })]),
        ),
    },
    { text: 'Copy name of chart', words: 'metric clipboard', run: (metric) => void copyText(metric) },
  ]

  /** In its card, brought into the window first; a metric without one is shown alone. */
  function showTable(metric: string): void {
    const selector = 'button[aria-label^="Show as"]'
    const card = (): HTMLElement | null =>
      view.fullscreen() === undefined && scrollToMetric(metric)
        ? document.querySelector(`figure[data-metric="${CSS.escape(metric)}"] ${selector}`)
        : document.querySelector(`dialog.chart-full ${selector}`)
    if (view.fullscreen() === undefined && !scrollToMetric(metric)) view.setFullscreen(metric)
    const look = (): boolean => {
      const button = card()
      if (!button) return false
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      button.click()
      return true
    }
    if (look()) return
    const seen = new MutationObserver(() => look() && seen.disconnect())
    seen.observe(document.body, { childList: true, subtree: true })
  }
}
