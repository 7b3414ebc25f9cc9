// WebKit names the language `C` where the system has none, and uPlot asks for that language's numbers while it loads, which is an error
try {
  Intl.getCanonicalLocales(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' })
}
// before the first paint, so that a chosen theme does not flash; the rules are those of state/link.ts and preferences.ts
;(() => {
  const link = (text) => {
    const params = new URLSearchParams(text)
    const old = params.get('__theme')
    if (old !== null) return old === 'dark' ? 'dark' : 'light'
    return ['auto', 'light', 'dark'].find((theme) => theme === params.get('theme'))
  }
  const hash = location.hash
  const chosen =
    link(hash.includes('?') ? hash.slice(hash.indexOf('?')) : '') ?? link(location.search) ?? stored()
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen

  function stored() {
    try {
      return JSON.parse(localStorage.getItem('trackio-lite') ?? '{}')?.theme
    } catch {
      return undefined // no storage here: the system's theme
    }
  }
})()
