#!/usr/bin/env node
// trackio-lite [file or folder]: serves the page and these files on this machine only, and opens the browser.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `trackio-lite: Node ${process.versions.node} is too old: it needs 20.19 or newer. Get it from nodejs.org.\n`,
  )
  process.exit(1)
}
// fetched only now: an older Node would stop at their syntax, with words that help nobody
const { run } = await import('./cli/run.mjs')
await run(process.argv.slice(2))
