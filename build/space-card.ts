import type { Plugin } from 'vite'

/** Where the Hub looks for a Space's card. */
const CARD_FILE = 'README.md'

/**
 * The card of a static Space, as the Hub wants it: YAML at the head of the Space's README.md
 * (huggingface.co/docs/hub/spaces-config-reference). It stands in the built folder, so that pushing this
 * folder is all a Space needs, and the README of the repository speaks to people alone.
 *
 * Two others write a card of their own. The page does when it publishes a project
 * (src/engine/publish/publish.ts), and leaves this one out. `trackio sync --sdk static` does, and uploads the
 * folder of its frontend afterwards, so that this one stays there.
 */
export const SPACE_CARD = `---
title: Trackio Lite
emoji: 🎯
colorFrom: gray
colorTo: blue
sdk: static
app_file: index.html
pinned: false
license: mit
short_description: Any trackio project in the browser, with no backend
tags:
  - trackio
hf_oauth: true
hf_oauth_scopes:
  - read-repos
  - gated-repos
  - contribute-repos
---

# Trackio Lite

This folder is the built page. It opens any trackio project in the browser: put \`?dataset=user/name\`,
\`?bucket=user/name\` or \`?space=user/name\` at the end of its address.
`

/** Writes the card into the built folder. */
export function spaceCard(): Plugin {
  return {
    name: 'space-card',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: CARD_FILE, source: SPACE_CARD })
    },
  }
}
