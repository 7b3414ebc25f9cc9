import { type Component, createUniqueId, lazy, onCleanup } from 'solid-js'
import { useApp } from '../../state/app.ts'

/** A part of a page whose code is fetched when it is shown first; the page is not settled before. */
export function pagePart<Props extends object>(load: () => Promise<Component<Props>>): Component<Props> {
  const Part = lazy(async () => ({ default: await load() }))
  return (props) => {
    const { settled } = useApp()
    const id = createUniqueId()
    const done = (): void => settled.setBusy(id, false)
    settled.setBusy(id, true)
    // what failed is told where the part would stand
    void Part.preload().then(done, done)
    onCleanup(done)
    return <Part {...props} />
  }
}
