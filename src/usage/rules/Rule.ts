import type { Fault } from "../Fault.ts";
import type { Host } from "../model.ts";

/** A host as it was read: each property may be missing, or of another type than the model says. */
export type HostAsRead = { readonly [Property in keyof Host]?: unknown };

/**
 * Checks one thing of a host, and yields each fault as it is asked for. `at` is the JSON pointer of the
 * host. What has not the type of the model is passed over: that is a fault of the shape. A rule never
 * throws and never looks at another host.
 */
export type Rule = (host: HostAsRead, at: string) => Iterable<Fault>;
