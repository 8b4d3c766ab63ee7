import fc from "fast-check";
import { DEFAULT_STATE_DIR } from "../oracle/host.ts";
import type { Tree } from "../oracle/tree.ts";
import { FAMILIES } from "../oracle/units.ts";

/** Changes a tree. A host is made of many of them, so that it shrinks to the few that matter. */
export type Change = (tree: Tree) => void;

/** Few names, so that facts meet on one; some look like roots or options of others. */
const NAMES = ["bar", "bar", "fw", "fw", "baz", "a.b", "x@y", "@", "booted-bar", "old-fw", "-dash"];
const RARE_NAMES = ["c:d", "e\\x2d", "bar-"];

export const vmName = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom(...RARE_NAMES) },
);

export const vmNames = (most: number) =>
  fc.uniqueArray(vmName, { maxLength: most }).map((list) => [...list].sort());

export const family = fc.constantFrom(...FAMILIES);

export const STATE_DIRS = [DEFAULT_STATE_DIR, DEFAULT_STATE_DIR, DEFAULT_STATE_DIR, "/srv/vms"];
export const stateDir = fc.constantFrom(...STATE_DIRS);

/** Toplevels of older generations. */
export const OLD = ["/nix/store/g-1", "/nix/store/g-2"] as const;

/** True once in so many times. */
export const rarely = (times: number) =>
  fc.integer({ min: 1, max: times }).map((number) => number === times);
