import fc from "fast-check";
import type { Tree } from "../oracle/tree.ts";
import { FAMILIES } from "../oracle/units.ts";

/** Changes a tree. A host is made of many of them, so that it shrinks to the few that matter. */
export type Change = (tree: Tree) => void;

/** Few names, so that facts meet on one; some look like roots or options of others. */
const NAMES = ["bar", "bar", "fw", "fw", "baz", "a.b", "x@y", "@", "booted-bar", "old-fw", "-dash"];
const RARE_NAMES = ["c:d", "e\\x2d", "bar-", "*", "..", "a b", "caf\u00e9", "new\nline"];

/** A name of a VM; seldom one that no VM can have. */
export const vmName = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom(...RARE_NAMES.slice(0, 3)) },
);
export const anyName = fc.oneof(
  { weight: 15, arbitrary: vmName },
  { weight: 1, arbitrary: fc.constantFrom(...RARE_NAMES.slice(3)) },
);

export const vmNames = (most: number) =>
  fc.uniqueArray(vmName, { maxLength: most }).map((list) => [...list].sort());

export const family = fc.constantFrom(...FAMILIES);

/** Toplevels of older generations. */
export const OLDS = ["/nix/store/g-1", "/nix/store/g-2"] as const;

/** True once in so many times. */
export const rarely = (times: number) =>
  fc.integer({ min: 1, max: times }).map((number) => number === times);
