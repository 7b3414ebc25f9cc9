// @ts-check
import { join } from 'node:path'

/**
 * Where trackio keeps its databases, as its Python package finds it (trackio/utils.py,
 * huggingface_hub/constants.py): `TRACKIO_DIR` as it stands, else `trackio` in `HF_HOME`, which is
 * `huggingface` in `XDG_CACHE_HOME` or ~/.cache where it is not set. Only HF_HOME has its ~ and $NAME
 * replaced. A relative answer counts from the working directory, as in Python.
 * @param {Record<string, string | undefined>} env
 * @param {string} home
 * @returns {{ path: string, from: 'TRACKIO_DIR' | 'HF_HOME' | 'XDG_CACHE_HOME' | undefined }} `from`: the
 * variable that decided
 */
export function trackioFolder(env, home) {
  if (env.TRACKIO_DIR) return { path: env.TRACKIO_DIR, from: 'TRACKIO_DIR' }
  // set but empty counts as set, there as here
  const from =
    env.HF_HOME !== undefined ? 'HF_HOME' : env.XDG_CACHE_HOME !== undefined ? 'XDG_CACHE_HOME' : undefined
  const hfHome = env.HF_HOME ?? join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'huggingface')
  return { path: join(expand(hfHome, env, home), 'trackio'), from }
}

/**
 * Python's os.path.expanduser, then expandvars; names that are not set stay as they are. Another user's
 * `~name` stays too: Node cannot look it up.
 * @param {string} path
 * @param {Record<string, string | undefined>} env
 * @param {string} home
 */
function expand(path, env, home) {
  return path
    .replace(/^~(?=\/|\\|$)/, () => home)
    .replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, plain, braced) => env[plain ?? braced] ?? whole)
}
