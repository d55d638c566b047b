/**
 * Tasks on several threads: each thread takes the next task when it is done with one.
 *
 * Promises: what a task gives comes with its number, in whatever order; the first error ends all threads and is thrown.
 * A worker's file answers each `{ task }` with any number of `{ part }` and then one `{ done: true }`.
 */
import { Worker } from 'node:worker_threads'

export interface Work<Task, Part> {
  readonly worker: URL
  /** Given to every thread; shared memory is shared. */
  readonly common: unknown
  readonly tasks: readonly Task[]
  readonly threads: number
  /** Called on this thread. */
  readonly take: (part: Part, task: number) => void
}

export type Answer<Part> = { readonly part: Part } | { readonly done: true }

export async function onThreads<Task, Part>(work: Work<Task, Part>): Promise<void> {
  const workers: Worker[] = []
  let next = 0
  const serve = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(work.worker, { workerData: work.common })
      workers.push(worker)
      let task = -1
      const advance = () => {
        if (next === work.tasks.length) return resolve()
        task = next++
        worker.postMessage({ task: work.tasks[task] })
      }
      worker.on('message', (answer: Answer<Part>) => {
        if ('done' in answer) advance()
        else work.take(answer.part, task)
      })
      worker.on('error', reject)
      worker.on('exit', () => reject(new Error('a thread of the training ended before its work was done')))
      advance()
    })
  try {
    await Promise.all(Array.from({ length: Math.min(work.threads, work.tasks.length) }, serve))
  } finally {
    await Promise.all(workers.map(worker => worker.terminate()))
  }
}
