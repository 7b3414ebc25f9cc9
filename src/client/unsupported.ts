import { TrackioError } from '../model/errors.ts'

const ISSUES =
  'If you need this feature, please open a GitHub issue in the Trackio repository: https://github.com/gradio-app/trackio/issues/new'

function missing(name: string, instead = ISSUES): TrackioError {
  return new TrackioError(name, `trackio.${name} is not implemented yet. ${instead}`)
}

function absent(name: string, instead?: string): (...args: unknown[]) => never {
  return () => {
    throw missing(name, instead)
  }
}

// Parts of W&B that trackio lacks, and of trackio that a page lacks. Each throws a TrackioError that says what
// to do, instead of doing nothing.

/** Throws: not in trackio; log gradients as a Histogram. */
export const watch = absent(
  'watch',
  'Log gradients yourself: trackio.log({ grads: new trackio.Histogram(values) }).',
)
/** Throws: not in trackio. */
export const unwatch = absent('unwatch')
/** Throws: not in trackio; the dashboard lets you choose the x axis. */
export const define_metric = absent(
  'define_metric',
  'The dashboard lets you choose the x axis; log the value you want there as a metric.',
)
/** Throws, as `define_metric` does. */
export const defineMetric = define_metric
/** Throws: not in trackio. */
export const sweep = absent('sweep')
/** Throws: not in trackio. */
export const agent = absent('agent')
/** Throws: a page cannot read GPU sensors; `logSystem` takes what you measure. */
export const logGpu = absent(
  'log_gpu',
  'A page cannot read GPU sensors; log what you measure with trackio.logSystem().',
)
/** Throws: a page cannot read CPU sensors; `logSystem` takes what you measure. */
export const logCpu = absent(
  'log_cpu',
  'A page cannot read CPU sensors; log what you measure with trackio.logSystem().',
)

/** Named by a text: a minified class has another name. */
function unsupported(name: string): new (...args: unknown[]) => never {
  return class {
    constructor() {
      throw missing(name)
    }
  } as new (
    ...args: unknown[]
  ) => never // its constructor never returns
}

/** Throws when it is made: not implemented. */
export const ArtifactTTL = unsupported('ArtifactTTL')
/** Throws when it is made: not implemented. */
export const Classes = unsupported('Classes')
/** Throws when it is made: not implemented. */
export const Config = unsupported('Config')
/** Throws when it is made: not implemented. */
export const EvalTable = unsupported('EvalTable')
/** Throws when it is made: not implemented. */
export const Graph = unsupported('Graph')
/** Throws when it is made: not implemented. */
export const JoinedTable = unsupported('JoinedTable')
/** Throws when it is made: not implemented. */
export const Molecule = unsupported('Molecule')
/** Throws when it is made: not implemented. */
export const Plotly = unsupported('Plotly')
/** Throws when it is made: not implemented. */
export const Settings = unsupported('Settings')
