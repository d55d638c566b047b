/**
 * A thread of the training: learns from some of the mails, and answers with the weights, or with the margins of others.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { fit, marginOf } from '#content/spam/training/fit.ts'
import type { FitCommon, FitPart, FitTask } from '#content/spam/training/thread-messages.ts'

const { store, recipe } = workerData as FitCommon

function serve(task: FitTask): FitPart {
  if (task.judged === undefined) return { fitted: fit(store, task.mails, recipe) }
  const fitted = fit(store, task.mails, recipe, recipe.visits / recipe.folds)
  return { margins: Float64Array.from(task.judged, mail => marginOf(store, mail, fitted)) }
}

parentPort!.on('message', ({ task }: { readonly task: FitTask }) => {
  parentPort!.postMessage({ part: serve(task) })
  parentPort!.postMessage({ done: true })
})
