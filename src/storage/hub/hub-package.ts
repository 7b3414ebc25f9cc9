// the part of the client library that reading needs, as a chunk of its own: fetched when somebody opens
// something of the Hub
export { datasetInfo, listFiles, listSpaces, pathsInfo, spaceInfo } from '@huggingface/hub'
