/* The pages of artifacts: their versions, what became of what, and the registries that name them. */

export const ARTIFACTS = 'artifacts'
export const LINEAGE = 'lineage'
export const REGISTRIES = 'registries'
