// Sets the theme before the first paint, so that a choice other than the system's does not flash. A file of its own, because
// the page allows no inline script. What the app knows better later (state/preferences.ts, state/link.ts) it sets itself.
;(() => {
  // the hash wins over the query, and __theme (as upstream embeds write it: anything but dark is light) over theme
  const link = (text) => {
    const params = new URLSearchParams(text)
    const old = params.get('__theme')
    if (old !== null) return old === 'dark' ? 'dark' : 'light'
    return ['auto', 'light', 'dark'].find((theme) => theme === params.get('theme'))
  }
  const hash = location.hash
  const chosen = link(hash.includes('?') ? hash.slice(hash.indexOf('?')) : '') ?? link(location.search) ?? stored()
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen

  function stored() {
    try {
      return JSON.parse(localStorage.getItem('trackio-lite') ?? '{}')?.theme
    } catch {
      return undefined // storage is blocked (a third-party frame) or holds something else: the system's theme
    }
  }
})()
