/**
 * A reporter: names the tests that passed at their second try alone, with why the first one failed. Such a test is
 * green and no secret: a page that says it is settled too early shows up here first.
 */
// biome-ignore lint/style/noDefaultExport: what Vitest takes for a reporter
export default class SecondTry {
  #found = []

  onTestCaseResult(test) {
    if (!test.diagnostic()?.flaky) return
    const [error] = test.result().errors ?? []
    const why = String(error?.message ?? '').split('\n')[0]
    this.#found.push(`passed at the second try: ${test.module.relativeModuleId} > ${test.fullName}: ${why}`)
  }

  onTestRunEnd() {
    for (const line of this.#found) console.log(line)
  }
}
