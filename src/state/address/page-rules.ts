/** What the address and the app have to know of a page; how it looks is the business of `ui`. */
export interface PageRule {
  /** In the address: `#/metrics`. */
  id: string
  /** Its name, and its key after `g`, for lists of keys. */
  label?: string
  key?: string | undefined
  /**
   * What has to be there for it: nothing, the project’s charts, its runs, what they warned of, what their machines
   * logged, or the files beside them.
   */
  needs: 'nothing' | 'charts' | 'alerts' | 'runs' | 'system' | 'files'
  /**
   * Parameters of its own, and how their values are written. While it is on screen they win over those of the
   * view with the same names.
   */
  own?: Readonly<Record<string, RegExp>>
  /** It is not in the nav: there, the link of this page stands for it. */
  under?: string
}

/** How much of something a page shows, for its link. */
export interface PageCount {
  value: number
  /** How grave the gravest of them is. */
  tone?: 'warn' | 'error' | undefined
  /** The same in words: `12 alerts, 4 errors`. */
  words: string
}

export interface PageRules {
  all: readonly PageRule[]
  /** Shown where the address names no page, or none that there is. */
  home: string
  /** Where something is opened: shown while nothing is. */
  open: string
}

export function ruleOf(rules: PageRules, id: string): PageRule | undefined {
  return rules.all.find((rule) => rule.id === id)
}
