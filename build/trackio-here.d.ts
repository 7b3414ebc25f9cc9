export { serve } from '../src/entries/writer-here.ts'
