/** The table and the lanes against plain Maps and arrays that do the same slowly. */
import fc from 'fast-check'
import t from 'tap'
import { Lanes } from '#spool/lanes.ts'
import { field, MessageTable } from '#spool/message-table.ts'

t.test('the hash finds every message that is there, and none that is not', t => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(3), fc.nat(300)), { maxLength: 2_000 }), steps => {
      const table = new MessageTable()
      const rows = new Map<string, number>()
      for (const [add, high, low] of steps) {
        const key = `${high} ${low}`
        const row = rows.get(key)
        if (add && row === undefined) {
          const fresh = table.allocate()
          table.set(fresh, field.idHigh, high)
          table.set(fresh, field.idLow, low)
          table.enter(fresh)
          rows.set(key, fresh)
        } else if (!add && row !== undefined) {
          table.forget(row)
          table.release(row)
          rows.delete(key)
        }
        if (table.find(high, low) !== (rows.get(key) ?? -1)) return false
      }
      for (const [key, row] of rows) {
        const [high, low] = key.split(' ').map(Number) as [number, number]
        if (table.find(high, low) !== row) return false
      }
      return table.messages === rows.size && table.rows === rows.size
    }),
    { numRuns: 60 },
  )
  t.end()
})

interface Waiting {
  readonly row: number
  readonly lane: string
  readonly due: number
}

t.test('lanes hand out the oldest due job of a domain, whatever happened before', t => {
  const step = fc.tuple(
    fc.constantFrom('push', 'pop', 'remove', 'postpone', 'look'),
    fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    fc.nat(20),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), fc.constantFrom(2, 100), (steps, limit) => {
      const table = new MessageTable()
      const lanes = new Lanes(table, limit)
      const model = new Map<number, Waiting>()
      const postponed = new Map<string, number>()
      let [id, now] = [0, 0]
      const drop = (row: number): void => {
        model.delete(row)
        const number = table.get(row, field.lane)
        const name = lanes.nameOf(number)
        lanes.leave(number)
        table.release(row)
        if (![...model.values()].some(({ lane }) => lane === name)) postponed.delete(name)
      }
      const dueIn = (lane: string): Waiting[] =>
        (postponed.get(lane) ?? 0) > now
          ? []
          : [...model.values()].filter(waiting => waiting.lane === lane && waiting.due <= now)
      for (const [action, domain, number] of steps) {
        now++
        if (action === 'push') {
          const row = table.allocate()
          table.set(row, field.idLow, ++id)
          table.setDue(row, now + number - 5)
          table.set(row, field.lane, lanes.enter(domain))
          lanes.push(row)
          model.set(row, { row, lane: lanes.nameOf(table.get(row, field.lane)), due: now + number - 5 })
        } else if (action === 'pop') {
          const lane = [...model.values()].find(waiting => waiting.lane.startsWith(domain))?.lane ?? domain
          const row = lanes.pop(lane, now)
          const due = dueIn(lane)
          if ((row === undefined) !== (due.length === 0)) return false
          if (row === undefined) continue
          if (model.get(row)!.due !== Math.min(...due.map(waiting => waiting.due))) return false
          drop(row)
        } else if (action === 'remove') {
          const row = [...model.keys()][number]
          if (row === undefined) continue
          lanes.remove(row)
          lanes.remove(row)
          drop(row)
        } else if (action === 'postpone') {
          lanes.postpone(domain, now + number)
          if ([...model.values()].some(({ lane }) => lane === domain)) postponed.set(domain, now + number)
        } else {
          const shown = [...lanes.due(now)]
          const expected = new Set(
            [...model.values()].map(({ lane }) => lane).filter(lane => dueIn(lane).length > 0),
          )
          if (shown.length !== expected.size || shown.some(lane => !expected.has(lane))) return false
        }
        const next = lanes.next()
        const anyDue = [...model.values()].some(({ lane }) => dueIn(lane).length > 0)
        if (anyDue && (next === undefined || next > now)) return false
        if ((next === undefined) !== (model.size === 0)) return false
      }
      return true
    }),
    { numRuns: 200 },
  )
  t.end()
})

t.test('beyond the limit domains share lanes, and empty lanes are given back', t => {
  const table = new MessageTable()
  const lanes = new Lanes(table, 10)
  const numbers = Array.from({ length: 5_000 }, (_, index) => lanes.enter(`d${index}.example`))
  t.ok(new Set(numbers).size <= 10 + 1_024)
  for (const number of numbers) lanes.leave(number)
  t.equal(lanes.nameOf(lanes.enter('new.example')), 'new.example')
  t.end()
})
