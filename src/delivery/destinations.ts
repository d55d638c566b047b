/**
 * Which destination the mail of a domain leads to: routes looked up once for half a minute, destinations kept as long as
 * there is something to remember of them.
 *
 * Promises: bounded, however many domains come by; a route is looked up once at a time for a domain.
 */
import { Destination, type Way } from '#delivery/destination.ts'
import type { DeliveryParts } from '#delivery/parts.ts'
import { standsForSeveral } from '#mail/queue.ts'
import type { Router } from '#mail/route.ts'

interface KnownRoute {
  readonly destination: Destination
  readonly until: number
}

const routeFor = 30_000
const mostRoutes = 20_000
const mostLookups = 100

function keyOf(domain: string, route: Way): string {
  if (route.kind === 'hosts') return route.key
  if (route.kind === 'several') return domain
  return route.kind === 'capture' ? 'capture' : `no route to ${domain}`
}

export class Destinations {
  readonly #clock: DeliveryParts['clock']
  readonly #log: DeliveryParts['log']
  /** A route was found that `known` could not tell. */
  readonly #onFound: () => void
  #router: Router
  readonly #all = new Map<string, Destination>()
  readonly #routes = new Map<string, KnownRoute>()
  readonly #lookups = new Set<string>()

  constructor({ clock, log, router }: Pick<DeliveryParts, 'clock' | 'log' | 'router'>, onFound: () => void) {
    this.#clock = clock
    this.#log = log
    this.#router = router
    this.#onFound = onFound
  }

  get all(): Iterable<Destination> {
    return this.#all.values()
  }

  /** Undefined while the route is being looked up: `onFound` tells when to ask again. */
  known(domain: string): Destination | undefined {
    const route = this.#routes.get(domain)
    if (route !== undefined && route.until > this.#clock.now()) return route.destination
    if (standsForSeveral(domain)) return this.#for(domain, { kind: 'several' })
    if (!this.#lookups.has(domain) && this.#lookups.size < mostLookups) {
      this.#lookups.add(domain)
      void this.find(domain).then(() => {
        this.#lookups.delete(domain)
        this.#onFound()
      })
    }
    return undefined
  }

  /** Never rejects; undefined when the router failed, which it should not. */
  async find(domain: string): Promise<Destination | undefined> {
    try {
      const route = await this.#router.route(domain)
      const destination = this.#for(domain, route)
      this.#routes.delete(domain)
      this.#routes.set(domain, { destination, until: this.#clock.now() + routeFor })
      if (this.#routes.size > mostRoutes) this.#routes.delete(this.#routes.keys().next().value!)
      return destination
    } catch (error) {
      this.#log.error({ error, domain }, 'a route could not be found')
      return undefined
    }
  }

  /** Every route is asked for anew; what is known of next hops that stay is kept. */
  reroute(router: Router): void {
    this.#router = router
    this.#routes.clear()
  }

  #for(domain: string, route: Way): Destination {
    const key = keyOf(domain, route)
    let destination = this.#all.get(key)
    if (destination === undefined) {
      this.#forget()
      destination = new Destination(key, route)
      this.#all.set(key, destination)
    }
    destination.route = route
    return destination
  }

  #forget(): void {
    if (this.#all.size < mostRoutes) return
    const now = this.#clock.now()
    for (const [key, destination] of this.#all) if (destination.isForgettable(now)) this.#all.delete(key)
  }
}
