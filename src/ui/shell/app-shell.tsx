import {
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  For,
  getOwner,
  lazy,
  Match,
  on,
  runWithOwner,
  Show,
  Switch,
} from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { useApp } from '../../state/app.ts'
import { setSharing, sharing } from '../common/clipboard.ts'
import { scrollToMetric } from '../pages/metrics/sheet.tsx'
import { openPage, pageOf, pages } from '../pages/registry.ts'
import { Sidebar } from '../sidebar/sidebar.tsx'
import { createLayout } from './create-layout.ts'
import { currentFigure } from './current-figure.ts'
import { DropTarget } from './drop-target.tsx'
import { FileInputs } from './file-inputs.tsx'
import { Header } from './header.tsx'
import type { ShortcutsOptions } from './shortcuts.ts'
import { StatusBar } from './status-bar.tsx'

// a window has one of the three frames: the other two are not fetched
const EmbedFrame = lazy(async () => ({ default: (await import('./embed.tsx')).EmbedFrame }))
const PhoneFrame = lazy(async () => ({ default: (await import('./phone.tsx')).PhoneFrame }))
// not needed for the first chart: fetched when first opened
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const Share = lazy(async () => ({ default: (await import('./share.tsx')).Share }))
// most visits change nothing
const ChangeBar = lazy(async () => ({ default: (await import('./change-bar.tsx')).ChangeBar }))
const ChangeList = lazy(async () => ({ default: (await import('./change-list.tsx')).ChangeList }))
const ChangeQuestion = lazy(async () => ({
  default: (await import('./change-question.tsx')).ChangeQuestionDialog,
}))
// a question of a line that broke: it has to be here by then
const PartDialog = lazy(async () => ({ default: (await import('./part-dialog.tsx')).PartDialog }))
const ShortcutsDialog = lazy(async () => ({
  default: (await import('./shortcuts-dialog.tsx')).ShortcutsDialog,
}))

/** The whole page: the frame for this window, and in it the page that the address names. */
export function AppShell() {
  const app = useApp()
  const layout = createLayout(app)
  const [palette, setPalette] = createSignal<string>()
  const [keys, setKeys] = createSignal(false)
  let chart: string | undefined
  const openPalette = (text = '') => {
    chart = app.view.fullscreen() ?? currentFigure()?.dataset.metric
    setPalette(text)
  }
  const shortcuts: ShortcutsOptions = {
    layout,
    openPalette,
    openList: () => setKeys(true),
    covered: () => palette() !== undefined || keys(),
    ahead: (letter) => setPalette((text) => (text !== undefined ? text + letter : text)),
  }
  // keys are of no use before there is something to see; the page is not settled without them
  let press = (_: string): boolean => false
  const owner = getOwner()
  app.settled.setBusy('keys', true)
  import('./shortcuts.ts')
    .then(({ createShortcuts }) => runWithOwner(owner, () => createShortcuts(shortcuts)))
    .then((made) => {
      if (made) press = made.press
    })
    .finally(() => app.settled.setBusy('keys', false))
  createEffect(
    on(app.settled.ready, (ready) => {
      if (!ready) return
      void openPage.view.preload?.()
      void PartDialog.preload()
    }),
  )
  // what is on its way is not settled
  // a link that is tried again, with a token, leaves what was typed where it is
  const opens = createMemo<boolean>(
    (before) =>
      app.page() === openPage.id || (before && app.needs() !== 'nothing' && app.sources.list().length === 0),
    false,
  )
  const entry = createMemo(() => (opens() ? openPage : pageOf(app.page())))
  const frame = () =>
    opens()
      ? undefined
      : layout.frame() === 'embed'
        ? EmbedFrame
        : layout.frame() === 'phone'
          ? PhoneFrame
          : undefined
  const needed = createMemo(() => [frame(), entry()?.view], undefined, {
    equals: (a, b) => a.every((part, i) => part === b[i]),
  })
  createComputed(
    on(needed, (parts) => {
      const coming = parts.flatMap((part) => part?.preload?.() ?? [])
      app.settled.setBusy('frame', coming.length > 0)
      void Promise.allSettled(coming).then(() => needed() === parts && app.settled.setBusy('frame', false))
    }),
  )
  // a metric without a card on the sheet is shown alone
  const goTo = (metric: string) => {
    if (scrollToMetric(metric)) return
    app.view.setFullscreen(metric)
    if (app.needs() !== 'charts') app.location.patch({ page: app.location.pages.home })
  }
  const acts = { onKeys: () => setKeys(true), onPalette: openPalette }
  return (
    <FileInputs onJump={openPalette}>
      <Switch>
        <Match when={opens()}>
          <Show when={!app.probing()}>
            <Dynamic component={openPage.view} frame={layout.frame()} {...acts} />
          </Show>
        </Match>
        <Match when={layout.frame() === 'embed'}>
          <EmbedFrame page={entry()} {...acts} />
        </Match>
        <Match when={layout.frame() === 'phone'}>
          <PhoneFrame page={entry()} {...acts} />
        </Match>
        <Match when={true}>
          {/** biome-ignore lint/a11y/useValidAnchor: a skip link; the hash is the view's, so the focus is moved by hand */}
          <a class="skip" href="#charts" onClick={(event) => jumpTo(event, 'charts')}>
            Skip to charts
          </a>
          <Show when={layout.sidebar() !== 'rail'}>
            {/** biome-ignore lint/a11y/useValidAnchor: a skip link; the hash is the view's, so the focus is moved by hand */}
            <a class="skip" href="#runs" onClick={(event) => jumpTo(event, 'runs')}>
              Skip to runs
            </a>
          </Show>
          <div
            class="app"
            classList={{
              rail: layout.sidebar() !== 'open',
              bare: app.needs() === 'nothing' && app.sources.list().length === 0,
            }}
            style={{ '--side': `${app.preferences.value().sidebarWidth}px` }}
          >
            <Show when={app.sources.list().length > 0 || app.needs() !== 'nothing'}>
              <Sidebar layout={layout} />
            </Show>
            <div class="main">
              <Header onJump={openPalette} />
              <Dynamic component={entry()?.view} frame="full" {...acts} />
              <StatusBar />
            </div>
          </div>
        </Match>
      </Switch>
      <DropTarget />
      <For each={pages}>
        {(page) => (
          <Show when={page.count?.(app) || app.sources.source()?.info.live}>
            <Dynamic component={page.news} />
          </Show>
        )}
      </For>
      <Show when={palette() !== undefined}>
        <Palette
          text={palette() ?? ''}
          chart={chart}
          onClose={() => setPalette(undefined)}
          onKeys={() => setKeys(true)}
          goTo={goTo}
          press={(key) => press(key)}
        />
      </Show>
      <Show when={sharing()}>
        <Share onClose={() => setSharing(false)} />
      </Show>
      <Show when={app.parts.question()} keyed>
        {(question) => <PartDialog question={question} />}
      </Show>
      <Show when={app.changes.made()}>{(made) => <ChangeBar made={made()} />}</Show>
      <Show when={app.changes.question()} keyed>
        {(question) => <ChangeQuestion question={question} onClose={() => app.changes.answered()} />}
      </Show>
      <Show when={app.changes.listed()}>
        <ChangeList />
      </Show>
      <Show when={keys()}>
        <ShortcutsDialog onClose={() => setKeys(false)} />
      </Show>
    </FileInputs>
  )
}

/** The hash is the view's, so a skip link moves the focus by itself. */
function jumpTo(event: MouseEvent, id: string): void {
  event.preventDefault()
  const target = document.getElementById(id)
  const inside =
    id === 'runs' ? target?.querySelector<HTMLElement>('[role="checkbox"][tabindex="0"]') : undefined
  ;(inside ?? target)?.focus()
}
