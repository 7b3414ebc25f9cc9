import type { TestSequencer, TestSpecification, Vitest } from 'vitest/node'

/** Short files of long tests: other browsers, waits for other programs, states without number. */
const LONG =
  /\/browser\/(webkit|firefox|cli|axe|publish|frames|fast-folder|soak|tracking-(kills|hub|troubles))\.test\.ts$/

/**
 * The order of vitest, which takes a file that it does not know for as long as its text is, with those first that
 * are longer than that: the last file of a run should be a short one, as the other workers have nothing to do by then.
 */
export class LongestFirst implements TestSequencer {
  constructor(private readonly vitest: Vitest) {}

  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await (await this.usual()).sort(files)
    const order = (file: TestSpecification): number => (LONG.test(file.moduleId) ? 0 : 1)
    return sorted.toSorted((a, b) => order(a) - order(b))
  }

  async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await this.usual()).shard(files)
  }

  private async usual(): Promise<TestSequencer> {
    // a build reads this file too, and needs none of vitest
    const { BaseSequencer } = await import('vitest/node')
    return new BaseSequencer(this.vitest)
  }
}
