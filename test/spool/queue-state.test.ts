/** The queue in memory: who may have a message in hand. */
import t from 'tap'
import { Lanes } from '#spool/lanes.ts'
import { MessageTable } from '#spool/message-table.ts'
import { QueueState } from '#spool/queue-state.ts'
import { flag } from '#spool/record.ts'

t.test(
  'a message whose end is on its way to the disk is neither moved nor changed: it would come back',
  t => {
    const table = new MessageTable()
    const queue = new QueueState(table, new Lanes(table), new Map())
    queue.begin()
    queue.message(false, 1, 2, 1, 4_096, 512, 100, 0, 0, [
      { domain: 'a.example', held: false },
      { domain: 'b.example', held: false },
    ])
    const first = table.find(1, 2)
    const second = table.next(first)

    queue.setState(first, flag.done, 1, 0)
    t.ok(queue.reserve(first), 'one of its jobs still waits')
    t.notOk(queue.reserve(first), 'somebody has it')
    queue.ready(first)

    queue.setState(second, flag.done, 1, 0)
    t.notOk(queue.reserve(first), 'both are done: only its end is missing')
    t.end()
  },
)
