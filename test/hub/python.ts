import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { trackioPython } from '../python/python.ts'
import type { HubDouble } from './double.ts'

const here = dirname(fileURLToPath(import.meta.url))

/**
 * Variables under which Python's huggingface_hub, and so trackio, takes the double for the Hub. `folder`:
 * trackio's.
 */
export function hubVariables(hub: HubDouble, token: string, folder: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(TRACKIO|HF|HUGGING|GRADIO|SPACE|OAUTH|SYSTEM)(_|$)/.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    TRACKIO_DIR: folder,
    HF_ENDPOINT: hub.url,
    HF_TOKEN: token,
    HF_HOME: join(folder, '..', 'hf-of-the-double'),
    HF_HUB_DISABLE_TELEMETRY: '1',
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
    PYTHONIOENCODING: 'utf-8',
  }
}

export interface Published {
  /** Raw name. */
  project: string
  space_id: string
  /**
   * `static`: data in a bucket, or in a dataset where `dataset_id` names one. A gradio Space is waited for at
   * its own host, which is not here.
   */
  sdk: 'static'
  dataset_id?: string
  bucket_id?: string
  /** A folder with the page of the Space; default: trackio's own. */
  frontend_dir?: string
}

/** Runs trackio.sync in a Python process against the double. Throws with its words if it fails. */
export async function publish(hub: HubDouble, token: string, folder: string, what: Published): Promise<void> {
  await run(hub, token, folder, 'publish.py', JSON.stringify(what))
}

/** Takes a bucket's inbox into trackio's folder, and deletes it there, as a live Space does every 15 s. */
export async function importInbox(
  hub: HubDouble,
  token: string,
  folder: string,
  bucket: string,
): Promise<void> {
  await run(hub, token, folder, 'import_inbox.py', bucket)
}

async function run(
  hub: HubDouble,
  token: string,
  folder: string,
  script: string,
  argument: string,
): Promise<void> {
  const child = spawn(await trackioPython(), [join(here, script), argument], {
    env: hubVariables(hub, token, folder),
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      words += chunk
    })
  }
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  if (code !== 0) throw new Error(`${script}: ended with ${code}\n${words}`)
}
