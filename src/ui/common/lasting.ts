import { createRoot, getOwner, onCleanup } from 'solid-js'

/**
 * For what is made when somebody asks first, whoever that is: it stays as long as the owner of this call, not
 * only as long as the one who asked.
 */
export function createLasting(): <T>(make: () => T) => T {
  const owner = getOwner()
  const disposers: (() => void)[] = []
  onCleanup(() => {
    for (const dispose of disposers) dispose()
  })
  return (make) =>
    createRoot((dispose) => {
      disposers.push(dispose)
      return make()
    }, owner)
}
