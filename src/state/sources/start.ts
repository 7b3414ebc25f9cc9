import type { EngineApi } from '../../bridge/engine-api.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Redirected } from './sign-in.ts'
import type { Sources } from './sources.ts'
import type { Tokens } from './tokens.ts'

/** How long nothing is drawn while it is looked whether the page was served with something to open. */
const PROBE_MS = 4000

export interface StartOptions {
  engine: EngineApi
  location: ViewLocation
  sources: Sources
  tokens: Tokens
  /** The name of the demo in an address. */
  demo: string
  /** Tokens that the address came with, by origin. */
  given: ReadonlyMap<string, string>
  redirected: Redirected | undefined
  /** Whether it is looked for what the page was served with, and who is told once that is known. */
  probing: boolean
  onProbed(): void
}

/** Opens what the address asks for, one after the other: each joins the picker, the first is shown. */
export async function openWanted({
  engine,
  location,
  sources,
  tokens,
  demo,
  given,
  redirected,
  probing,
  onProbed,
}: StartOptions): Promise<void> {
  const told = (subject: string) => (error: unknown) => sources.fail(error, subject)
  for (const [origin, token] of given) await tokens.set(origin, token).catch(told(origin))
  if (redirected) {
    const { finishSignIn } = await import('./sign-in-hub.ts')
    await finishSignIn(redirected, tokens).catch(told('sign-in'))
  }
  if (probing) {
    // an engine that is gone says so where something is opened
    const asked = engine.beside(document.baseURI).catch(() => 'none' as const)
    const open = (beside: Awaited<typeof asked>) =>
      beside === 'none' ? undefined : sources.openBeside(beside)
    const beside = await Promise.race([
      asked,
      new Promise<undefined>((resolve) => setTimeout(resolve, PROBE_MS)),
    ])
    const opening = beside && open(beside)
    onProbed()
    await opening
    // an answer after that still counts, unless a person has opened something by then
    const free = () => sources.list().length === 0 && !sources.opening()
    if (!beside) void asked.then((late) => (free() ? open(late) : undefined)).catch(told('start'))
    return
  }
  for (const [i, link] of location.wanted().entries()) {
    const isDemo = link.as === 'db' && link.texts.length === 1 && link.texts[0] === demo
    await (isDemo ? sources.openDemo() : sources.openLink(link, i === 0))
  }
}
