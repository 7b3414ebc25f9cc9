// words of our own; the scheme and the first name are trackio's
const FIRST =
  'dainty amber brisk calm deft eager fair glad hazy inky jolly keen lithe mild neat oaken plain quiet rapid snug tidy umber vivid warm young zesty azure bold crisp dusky early fond gentle humble ivory jade kind lucid mellow noble opal proud quick rustic sunny teal upbeat verdant wry agile bright clever dapper'.split(
    ' ',
  )
const SECOND =
  'sunset alder brook cedar delta ember fjord grove heath inlet juniper kestrel lagoon meadow nettle otter pebble quartz ridge sparrow thicket upland vale willow yarrow zephyr anchor basin cove drift estuary falcon glade harbor isle jetty knoll lichen marsh nimbus oasis prairie quail reef'.split(
    ' ',
  )

/**
 * The first free automatic name: `dainty-sunset-0`, then `<word>-<word>-<n>` with both lists walked in step.
 */
export function nextName(taken: (name: string) => boolean): string {
  for (let n = 0; ; n++) {
    const name = `${FIRST[n % FIRST.length]}-${SECOND[n % SECOND.length]}-${n}`
    if (!taken(name)) return name
  }
}
