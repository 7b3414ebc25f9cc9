// the part of the client library that writing needs: fetched when somebody publishes
export { commitIter } from '@huggingface/hub'
export { createChunker, fileHash, finalize, hashToHex, nextBlock } from '@huggingface/xetchunk-wasm'
