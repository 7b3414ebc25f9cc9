/* Names of pages that other files than the registry speak of. */

export const ALERTS = 'alerts'
export const SETTINGS = 'settings'
