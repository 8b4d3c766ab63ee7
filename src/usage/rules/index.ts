import { AutostartIsSorted } from "./AutostartIsSorted.ts";
import { NamesAreInstanceNames } from "./NamesAreInstanceNames.ts";
import type { Rule } from "./Rule.ts";
import { StateDirIsUsable } from "./StateDirIsUsable.ts";

/** Every rule, in the order of the properties they look at, so that faults of one place stand together. */
export const RULES: readonly Rule[] = [StateDirIsUsable, AutostartIsSorted, NamesAreInstanceNames];
