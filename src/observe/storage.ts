/** Whether the disk lets new mail in: `full` is answered 452, `failed` 451. */
export type StorageState = 'well' | 'full' | 'failed'
