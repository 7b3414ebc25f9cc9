/** What trackio's server calls the token in the address that it prints. */
const NAME = 'write_token'

/**
 * Takes the write token of a trackio server out of an address: addresses are shown, kept and copied.
 * Undefined where it has none.
 */
export function takeWriteToken(address: URL): string | undefined {
  const token = address.searchParams.get(NAME)
  address.searchParams.delete(NAME)
  return token || undefined
}

/**
 * The same of an address as it was typed, `127.0.0.1:7860/?write_token=…`, which otherwise stays as it is.
 * `origin`: where the token may be sent, and nowhere else.
 */
export function splitToken(text: string): { text: string; origin?: string; token?: string } {
  if (!text.includes(`${NAME}=`)) return { text }
  const plain = text.replace(/([?&])write_token=[^&#]*(&?)/g, (_, before: string, after: string) =>
    after ? before : '',
  )
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`
  if (!URL.canParse(whole)) return { text: plain }
  const address = new URL(whole)
  const token = takeWriteToken(address)
  return token ? { text: plain, origin: address.origin, token } : { text: plain }
}
