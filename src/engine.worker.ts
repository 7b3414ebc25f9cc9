import { serveEngine } from './bridge/serve.ts'
import { createEngine } from './engine/api.ts'

serveEngine(createEngine())
