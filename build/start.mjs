// npm start: installs what is missing, builds, serves the build on this machine only and prints the address.
import { join } from 'node:path'
import { build, built, checkNode, giveUp, install, root, say } from './setup.mjs'

checkNode()
const wanted = portFrom(process.argv.slice(2))
if (!(await install())) process.exit(1)
if (built()) {
  say('The build in dist is up to date.')
} else {
  say('Building …')
  const { code } = await build()
  if (code !== 0)
    giveUp(
      'The build failed: see the words above. If you changed nothing, delete node_modules and run npm start again.',
    )
}

// only now: what it imports may just have been installed
const { addressOf, listen, makeServer } = await import('../src/cli/server.mjs')
const server = makeServer({ page: join(root, 'dist') })
const port = await listen(server, wanted, { next: true }).catch((error) =>
  giveUp(
    `No free port from ${wanted} on (${error.code ?? error.message}). Try another: npm start -- --port 8080`,
  ),
)
if (port !== wanted) say(`Port ${wanted} is taken, so this is ${port}.`)
say(`Trackio Lite runs at ${addressOf(port)} (stop it with Ctrl-C)`)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    server.closeAllConnections()
    process.exit(0)
  })
}

function portFrom(args) {
  const at = args.findIndex((arg) => arg === '--port' || arg.startsWith('--port='))
  if (at < 0) return 4173
  const text = args[at].includes('=') ? args[at].slice('--port='.length) : args[at + 1]
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    giveUp(`--port: not a port number: ${text ?? 'nothing'}. Try: npm start -- --port 8080`)
  return port
}
