import type { Fault } from "../Fault.ts";
import type { Host } from "../model.ts";

/**
 * Checks one thing of a host whose shape is right, and reports each fault. `at` is the JSON pointer of
 * the host. A rule never throws and never looks at another host.
 */
export type Rule = (host: Host, at: string, report: (fault: Fault) => void) => void;
