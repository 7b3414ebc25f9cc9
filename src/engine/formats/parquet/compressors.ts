// a file of its own, so that what is fetched when first needed has a name that says what it is
export { compressors } from 'hyparquet-compressors'
