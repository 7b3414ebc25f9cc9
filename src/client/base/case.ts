/** `space_id` → `spaceId`, for code that comes from Python. */
export function camelCase(key: string): string {
  return key.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** An object with its names in camelCase. */
export function camelKeys<T extends object>(given: T): T {
  // the same but for spelling
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [camelCase(key), value])) as T
}

/** A class, with its constructor's parameters for a call without `new`. */
export type Callable<C extends abstract new (...args: never[]) => unknown> = C &
  ((...args: ConstructorParameters<C>) => InstanceType<C>)

/** A class that can be called without `new`, as in Python: `trackio.Image(canvas)`. */
export function callable<C extends new (...args: never[]) => object>(made: C): Callable<C> {
  // the proxy adds the call
  return new Proxy(made, { apply: (target, _, args) => Reflect.construct(target, args) }) as Callable<C>
}
