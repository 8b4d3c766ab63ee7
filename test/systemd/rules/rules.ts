import type { Tests } from "../onSystemd.ts";
import { switches } from "../switch/switches.ts";
import { doubt } from "./doubt.ts";
import { journal } from "./journal.ts";
import { limit } from "./limit.ts";
import { order } from "./order.ts";
import { seed } from "./seed.ts";
import { stopping } from "./stopping.ts";
import { together } from "./together.ts";
import { unitFiles } from "./unitFiles.ts";
import { verdicts } from "./verdicts.ts";
import { ways } from "./ways.ts";

/** What depends on how systemd, Bash or coreutils behave: on all of them. */
export const RULES: Readonly<Record<string, Tests>> = {
  stopping,
  "the host module is gone": seed,
  "unit files": unitFiles,
  "the ways to run": ways,
  "the limit": limit,
  "more than one run": together,
  "in doubt": doubt,
  "the journal": journal,
  "whole switches": switches,
};

/** What `decide` says, and test/decide has in full; what a run costs. */
export const OTHER_RULES: Readonly<Record<string, Tests>> = {
  "the table of verdicts": verdicts,
  "order, cost and output": order,
};
