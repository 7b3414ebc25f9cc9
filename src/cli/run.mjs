// @ts-check
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DATABASE, SIDECAR } from '../model/data-files.mjs'
import { addressOf, FILES, listen, makeServer } from './server.mjs'
import { shareFiles } from './shared-files.mjs'
import { trackioFolder } from './trackio-folder.mjs'

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
/** The same as npm start's: what the page keeps in the browser belongs to the address, port included. */
const PORT = 4173

const HELP = `trackio-lite [file or folder]

Shows trackio's databases in the browser, live, and changes nothing. Without a name it takes trackio's own
folder: TRACKIO_DIR, else trackio in HF_HOME, else ~/.cache/huggingface/trackio.

  --port NUMBER   port on this machine (${PORT}, or the next free one)
  --no-open       do not open the browser
  --help          these words
  --version       the version

The server is reached from this machine only, and stops with Ctrl-C. On a remote machine, forward the port
and open the address here: ssh -L ${PORT}:127.0.0.1:${PORT} user@machine
`

/** A failure for a person: what is wrong and what to do, without a stack. */
class Refusal extends Error {}

/**
 * The command. Ends the process with 1 and words on stderr where it cannot do what is asked; otherwise it
 * serves until it is stopped.
 * @param {string[]} args
 */
export async function run(args) {
  try {
    await start(args)
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    process.stderr.write(`trackio-lite: ${cause.message}\n`)
    process.exitCode = 1
  }
}

/** @param {string[]} args */
async function start(args) {
  const { values, name } = parse(args)
  if (values.help) return void process.stdout.write(HELP)
  if (values.version) return void process.stdout.write(`${version()}\n`)
  const page = join(PACKAGE, 'dist')
  if (!existsSync(join(page, 'index.html')))
    throw new Refusal(`the page is not built (no ${join(page, 'index.html')}). Run: npm run build`)

  const wanted = values.port === undefined ? PORT : portFrom(values.port)
  const { shared, files } = await look(name)
  const server = makeServer({ page, shared })
  const port = await listen(server, wanted, { next: values.port === undefined }).catch((cause) => {
    throw new Refusal(
      `port ${wanted} cannot be used (${cause.code ?? cause.message}). Try another: trackio-lite --port ${(wanted % 65_535) + 1}`,
    )
  })
  const address = `${addressOf(port)}?folder=${FILES}`
  if (values.port === undefined && port !== wanted) say(`Port ${wanted} is taken, so this is ${port}.`)
  say(`${countOf(files)} in ${name ?? shared.root}, live and read-only. Stop with Ctrl-C.`)
  say(address)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      server.closeAllConnections()
      process.exit(0)
    })
  }
  if (values['no-open']) return
  if (process.env.SSH_CONNECTION)
    return say(
      `This is a remote machine. On yours: ssh -L ${port}:127.0.0.1:${port} user@machine, then open the address.`,
    )
  await openBrowser(address)
}

/** @param {string[]} args */
function parse(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    })
    if (positionals.length > 1)
      throw new Refusal(
        `one file or folder at a time, not ${positionals.length}: ${positionals.join(', ')}. A folder shows all its projects.`,
      )
    return { values, name: positionals[0] }
  } catch (cause) {
    if (cause instanceof TypeError)
      throw new Refusal(`${cause.message.split('. ')[0]}. Run trackio-lite --help.`)
    throw cause
  }
}

/** @param {string} text */
function portFrom(text) {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Refusal(`--port: not a port number: ${text}. Try: trackio-lite --port 8080`)
  return port
}

/**
 * The files there are; refuses where there is nothing of trackio's.
 * @param {string | undefined} name as the person typed it; undefined for trackio's own folder
 */
async function look(name) {
  const standard = trackioFolder(process.env, homedir())
  const path = resolve(name ?? standard.path)
  const where = name === undefined ? `trackio's folder${standard.from ? ` (from ${standard.from})` : ''}` : ''
  try {
    const shared = await shareFiles(path)
    const { files, left } = await shared.list()
    for (const why of left) process.stderr.write(`trackio-lite: left out: ${why}\n`)
    if (SIDECAR.test(shared.only ?? ''))
      throw new Refusal(`${path} is only a sidecar of a database: give ${path.replace(/-\w+$/, '')}`)
    if (files.length === 0)
      throw new Refusal(
        where
          ? `${where} is empty: ${path}. Log something with trackio, or name a file or folder: trackio-lite runs/`
          : `nothing of trackio's in ${path}: no .db, .parquet, runs.json or inbox in it or below. trackio keeps its databases in ${standard.path}`,
      )
    return { shared, files }
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof Refusal) throw cause
    const code = 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new Refusal(
        where
          ? `${where} does not exist: ${path}. Log something with trackio, or name a file or folder: trackio-lite runs/`
          : `no such file or folder: ${path}`,
      )
    throw new Refusal(
      code === 'EACCES' || code === 'EPERM' ? `${path} may not be read (${code})` : cause.message,
    )
  }
}

/** @param {import('./shared-files.mjs').SharedFile[]} files */
function countOf(files) {
  const databases = files.filter(({ path }) => DATABASE.test(path)).length
  const [count, what] = databases > 0 ? [databases, 'database'] : [files.length, 'file']
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}

/** @param {string} address */
async function openBrowser(address) {
  try {
    const { default: open } = await import('open')
    await open(address)
  } catch (cause) {
    say(
      `No browser could be started (${cause instanceof Error ? cause.message : cause}): open the address yourself.`,
    )
  }
}

/** @returns {string} */
function version() {
  return JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).version
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`)
}
