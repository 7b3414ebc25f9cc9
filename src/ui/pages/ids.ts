/* Names of pages that other files than the registry speak of. */

export const ALERTS = 'alerts'
export const COMPARE = 'compare'
export const MEDIA = 'media'
export { RUN } from '../common/run-link.tsx'
export const HISTOGRAMS = 'histograms'
export const RUNS = 'runs'
export const SETTINGS = 'settings'
export const SYSTEM = 'system'
export const TABLES = 'tables'
export const TRACES = 'traces'
