import { describeValue } from "../../diagnostics/describeValue.ts";
import { instanceNameFault } from "../../microvm/names.ts";
import type { Fault, Place } from "../Fault.ts";
import { members } from "../shape/members.ts";
import { pointer } from "../text/pointer.ts";
import { autostartNames } from "./autostartNames.ts";
import type { Rule } from "./Rule.ts";

function* nameFaults(name: string, place: Place, option: string): Generator<Fault> {
  const reason = instanceNameFault(name);
  if (reason === undefined) return;
  yield {
    ...place,
    code: "MS1205",
    message: `no unit can have the instance name ${describeValue(name)}: ${reason}`,
    hint: `rename it in ${option} to letters, digits and : - _ . @`,
  };
}

/** Every MicroVM has a name that its units can have: `microvm@NAME.service` (systemd.unit(5)). */
export const NamesAreInstanceNames: Rule = function* (host, at) {
  for (const { name, index } of autostartNames(host)) {
    const place = { pointer: `${at}/autostart/${index}`, at: "value" } as const;
    yield* nameFaults(name, place, "microvm.autostart");
  }
  for (const name of Object.keys(members(host, "vms"))) {
    const place = { pointer: `${at}/vms${pointer([name])}`, at: "key" } as const;
    yield* nameFaults(name, place, "microvm.vms");
  }
};
