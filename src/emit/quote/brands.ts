/** A string that is already source text of one grammar, so that a raw string does not type-check in its place. */
type Source<Grammar extends string> = string & { readonly grammar: Grammar };

/** One Bash word that expands to exactly one value. */
export type BashWord = Source<"bash word">;
/** Bash words with white space between them. */
export type BashWords = Source<"bash words">;
/** A double-quoted Nix string. */
export type NixString = Source<"nix string">;
/** A Nix list of strings. */
export type NixList = Source<"nix list">;
/** Lines for the inside of an indented Nix string. */
export type NixIndented = Source<"nix indented string">;
/** Text for a comment line of Nix. */
export type NixComment = Source<"nix comment">;
