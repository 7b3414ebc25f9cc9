// npm start: installs what is missing, builds, serves the build on this machine only and prints the address.
import { createServer } from 'node:net'
import { build, built, checkNode, giveUp, install, root, say } from './setup.mjs'

const HOST = '127.0.0.1'

checkNode()
const wanted = portFrom(process.argv.slice(2))
if (!(await install())) process.exit(1)
if (built()) {
  say('The build in dist is up to date.')
} else {
  say('Building …')
  const { code } = await build()
  if (code !== 0) giveUp('The build failed: see the words above. If you changed nothing, delete node_modules and run npm start again.')
}

const port = await firstFree(wanted)
if (port !== wanted) say(`Port ${wanted} is taken, so this is ${port}.`)
const { preview } = await import('vite')
// no config file: it would load the whole test and build setup only to serve files
const server = await preview({
  root,
  configFile: false,
  appType: 'mpa', // a missing file is a 404, not the page
  logLevel: 'error',
  preview: { host: HOST, port, strictPort: true },
})
say(`Trackio Lite runs at http://${HOST}:${port}/ (stop it with Ctrl-C)`)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    server.httpServer.closeAllConnections?.()
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

async function firstFree(from) {
  for (let port = from; port < Math.min(from + 100, 65536); port++) if (await isFree(port)) return port
  return giveUp(`No free port from ${from} on. Try another: npm start -- --port 8080`)
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, HOST, () => probe.close(() => resolve(true)))
  })
}
