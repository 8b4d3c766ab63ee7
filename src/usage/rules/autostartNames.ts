import type { HostAsRead } from "./Rule.ts";

/** A name of the list `autostart`, and where in the list it is. */
export interface AutostartName {
  readonly name: string;
  readonly index: number;
}

/** The names of the list, each where it comes first: that one comes again is a fault of the shape. */
export function autostartNames({ autostart }: HostAsRead): readonly AutostartName[] {
  if (!Array.isArray(autostart)) return [];
  const seen = new Set<unknown>();
  return autostart.flatMap((name: unknown, index) => {
    if (typeof name !== "string" || seen.has(name)) return [];
    seen.add(name);
    return [{ name, index }];
  });
}
