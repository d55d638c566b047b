/**
 * Lists of CPUs as Linux writes them: `0-3,8,10-11`.
 */

/** Ascending. What is no list is an empty one: such files come from the kernel, or are not there. */
export function parseCpuList(text: string | undefined): readonly number[] {
  const cpus = new Set<number>()
  for (const piece of (text ?? '').trim().split(',')) {
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(piece)
    if (range === null) continue
    const first = Number(range[1])
    const last = range[2] === undefined ? first : Number(range[2])
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu)
  }
  return [...cpus].sort((left, right) => left - right)
}

export function formatCpuList(cpus: readonly number[]): string {
  const runs: [number, number][] = []
  for (const cpu of cpus.toSorted((left, right) => left - right)) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] === cpu - 1) run[1] = cpu
    else runs.push([cpu, cpu])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
