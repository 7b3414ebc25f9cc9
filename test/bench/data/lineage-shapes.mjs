/** Lineages that rows of the table read: runs that use and make versions, as trackio 0.43 stores them. */
export const LINEAGES = {
  lineage2000: { about: 'a lineage of 2,000 nodes (half a MB)', nodes: 2000 },
}
