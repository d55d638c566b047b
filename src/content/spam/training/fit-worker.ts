/**
 * A thread of the training: learns from some of the mails, and answers with what one member knows, or with the margins that
 * all of them give to other mails.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { addMember, emptySum, fit, marginOf, scalesOf } from '#content/spam/training/fit.ts'
import type { FitCommon, FitPart, FitTask } from '#content/spam/training/train.ts'

const { store, recipe } = workerData as FitCommon

function serve(task: FitTask): FitPart {
  if ('judged' in task) {
    const fitted = fit(store, task.mails, recipe)
    return { margins: Float64Array.from(task.judged, mail => marginOf(store, mail, fitted)) }
  }
  const sum = emptySum(recipe)
  addMember(sum, store, task.mails, scalesOf(store, task.mails, recipe), recipe, task.member)
  return { sum }
}

parentPort!.on('message', ({ task }: { readonly task: FitTask }) => {
  parentPort!.postMessage({ part: serve(task) })
  parentPort!.postMessage({ done: true })
})
