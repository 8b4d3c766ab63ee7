/** What JSON is read for: how messages name it, and how one gets it right. */
export const INPUT_KINDS = {
  usage: {
    name: "a usage document",
    empty: "check the command that was to write it",
    again: "make it again with nix eval --json",
  },
  policy: {
    name: "a policy",
    empty: "a policy that changes nothing is {}",
    again: "write one JSON object, without comments and trailing commas",
  },
} as const;
