export { serve } from '../src/writer-here.ts'
