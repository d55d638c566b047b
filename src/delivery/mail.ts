/** What a transaction needs of a job: the message, and those of its recipients that are to be tried now. */
import type { Job } from '#mail/queue.ts'

export type Mail = Pick<Job, 'envelope' | 'recipients' | 'size' | 'content'>
