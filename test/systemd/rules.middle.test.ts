import { allOnSystemd } from "./onSystemd.ts";
import { SUITES } from "./root.ts";
import { RULES } from "./rules/rules.ts";

allOnSystemd(SUITES.middle, RULES);
