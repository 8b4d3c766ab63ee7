/** The bounds of what is read: an input of any kind must end in a message, never in a lack of memory. */
export const LIMITS = {
  /**
   * The most bytes that are held at once: a document, or one line of JSON Lines. 2,000 hosts with 50
   * MicroVMs each take 9 to 15 MiB as nix eval writes them, and 21 MiB indented. jsonc-parser makes an
   * object of each blank in a row of them: a document of blanks takes sixty times its size.
   */
  bytes: 24 * 1024 * 1024,
  /** The most values in them: a value takes many times the memory of its text. A VM has four. */
  values: 4_000_000,
  /** Deeper than this is no document of ours; it bounds the recursion of whatever reads the value. */
  depth: 64,
  /** The most faults that are worked out: more say nothing new, and each needs its place. */
  faults: 1000,
  /** The most faults that are shown; the others are counted. */
  shown: 100,
} as const;
