import { describeValue } from "../../diagnostics/describeValue.ts";
import { instanceNameFault } from "../../sweep/instanceNameFault.ts";
import { pointer } from "../text/pointer.ts";
import type { Rule } from "./Rule.ts";

/** Every MicroVM has a name that its units can have: `microvm@NAME.service` (systemd.unit(5)). */
export const NamesAreInstanceNames: Rule = (host, at, report) => {
  const check = (name: string, place: string, option: string, kind: "key" | "value") => {
    const reason = instanceNameFault(name);
    if (reason === undefined) return;
    report({
      code: "MS1205",
      pointer: at + place,
      at: kind,
      message: `no unit can have the instance name ${describeValue(name)}: ${reason}`,
      hint: `rename it in ${option} to letters, digits and : - _ . @`,
    });
  };
  for (const [index, name] of host.autostart.entries()) {
    check(name, `/autostart/${index}`, "microvm.autostart", "value");
  }
  for (const name of Object.keys(host.vms)) {
    check(name, `/vms${pointer([name])}`, "microvm.vms", "key");
  }
};
