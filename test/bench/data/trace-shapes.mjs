/** Databases of traces. */
export const TRACES = {
  'traces-gb': { about: '1 GB of traces, 48 kB each', bytes: 1e9 },
  'traces-spans': { about: 'a trace of 100,000 spans, 5,000 deep', traces: 20, spans: 100_000, depth: 5000 },
}
