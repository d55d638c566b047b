/** The package has no types of its own. It runs the program `systemd-notify` and rejects with what that printed. */
declare module 'systemd-notify' {
  export default function notify(options: {
    readonly ready?: boolean
    readonly status?: string
    readonly pid?: number
  }): Promise<unknown>
}
