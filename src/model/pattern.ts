/** What a pattern found in a text: the whole match, and its first group where it has one that took part. */
export type Match = readonly [whole: string, first: string | undefined]
