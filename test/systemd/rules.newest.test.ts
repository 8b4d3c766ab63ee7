import { allOnSystemd } from "./onSystemd.ts";
import { SUITES } from "./root.ts";
import { OTHER_RULES, RULES } from "./rules/rules.ts";

allOnSystemd(SUITES.newest, { ...RULES, ...OTHER_RULES });
