/**
 * From margins to probabilities: the logistic curve that fits the margins of mails which the model had not seen (Platt 1999, as
 * Lin, Lin and Weng 2007 compute it: Newton's method with backtracking).
 *
 * Promises: finite, and a slope above 0, so that a larger margin is never a smaller probability.
 */
export interface Calibration {
  readonly slope: number
  readonly offset: number
}

const rounds = 100
const ridge = 1e-12
const smallestStep = 1e-10
/** Margins that tell nothing get a curve that is nearly flat. */
const smallestSlope = 1e-3

/** `labels`: 1 is spam. There is one of each kind at least. */
export function calibrate(margins: Float64Array, labels: Uint8Array): Calibration {
  const spam = labels.reduce((sum, label) => sum + label, 0)
  const ham = labels.length - spam
  // Not 0 and 1: of the next mails some will be wrong, too.
  const [ofHam, ofSpam] = [1 / (ham + 2), (spam + 1) / (spam + 2)]
  const targets = Float64Array.from(labels, label => (label === 1 ? ofSpam : ofHam))
  let point: Calibration = { slope: 0, offset: Math.log((spam + 1) / (ham + 1)) }
  let loss = lossOf(point, margins, targets)
  for (let round = 0; round < rounds; round++) {
    const direction = newtonStep(point, margins, targets)
    if (direction === undefined) break
    let step = 1
    for (; step >= smallestStep; step /= 2) {
      const next = {
        slope: point.slope + step * direction.slope,
        offset: point.offset + step * direction.offset,
      }
      const nextLoss = lossOf(next, margins, targets)
      if (nextLoss >= loss + 1e-4 * step * direction.decrease) continue
      point = next
      loss = nextLoss
      break
    }
    if (step < smallestStep) break
  }
  return { slope: Math.max(point.slope, smallestSlope), offset: point.offset }
}

/** Cross entropy, without overflow. */
function lossOf({ slope, offset }: Calibration, margins: Float64Array, targets: Float64Array): number {
  let loss = 0
  for (let index = 0; index < margins.length; index++) {
    const logOdds = slope * margins[index]! + offset
    loss += Math.max(logOdds, 0) - targets[index]! * logOdds + Math.log1p(Math.exp(-Math.abs(logOdds)))
  }
  return loss
}

/** Undefined where the gradient is 0. */
function newtonStep({ slope, offset }: Calibration, margins: Float64Array, targets: Float64Array) {
  let [ofSlope, ofOffset, slopes, offsets, both] = [0, 0, ridge, ridge, 0]
  for (let index = 0; index < margins.length; index++) {
    const margin = margins[index]!
    const probability = 1 / (1 + Math.exp(-(slope * margin + offset)))
    const error = probability - targets[index]!
    const curvature = probability * (1 - probability)
    ofSlope += error * margin
    ofOffset += error
    slopes += curvature * margin * margin
    offsets += curvature
    both += curvature * margin
  }
  if (Math.abs(ofSlope) < 1e-5 && Math.abs(ofOffset) < 1e-5) return undefined
  const determinant = slopes * offsets - both * both
  const stepOfSlope = -(offsets * ofSlope - both * ofOffset) / determinant
  const stepOfOffset = -(slopes * ofOffset - both * ofSlope) / determinant
  return {
    slope: stepOfSlope,
    offset: stepOfOffset,
    decrease: ofSlope * stepOfSlope + ofOffset * stepOfOffset,
  }
}
