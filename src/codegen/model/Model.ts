/** What `src/usage/model.ts` says, as plain data: the one input of every generator. */
export interface Model {
  /** The comment at the head of the file: paragraphs of Markdown. */
  readonly documentation: string;
  readonly interfaces: readonly ModelInterface[];
}

/** One exported interface. */
export interface ModelInterface {
  readonly name: string;
  readonly documentation: string;
  /** The interfaces it extends, in their order. */
  readonly bases: readonly string[];
  /** Its own properties, in their order; `allProperties` adds those of the bases. */
  readonly properties: readonly ModelProperty[];
  /** `@nixArgument`: the argument of its Nix function, if it has one of its own. */
  readonly nixArgument: string | undefined;
  /** `@nixLet`: bindings that its Nix expressions use, as Nix text with the semicolon. */
  readonly nixLet: readonly string[];
}

/** One property: what it is, its type, and where in a NixOS configuration its value comes from. */
export interface ModelProperty {
  readonly name: string;
  readonly documentation: string;
  readonly type: PropertyType;
  readonly source: PropertySource;
  /** `@sorted`: the list is sorted and names nothing twice. */
  readonly sorted: boolean;
  /** `@pattern`: a regular expression (ECMA 262, flag `u`) that the text matches. */
  readonly pattern: string | undefined;
  /** `@nixErrorContext`: what Nix adds to an error; may use `${name}`, the key of the record. */
  readonly nixErrorContext: string | undefined;
  /** `@example`: a value, in a record one key. */
  readonly example: unknown;
}

/** The types that a property of the usage may have. */
export type PropertyType =
  | { readonly kind: "boolean" }
  | { readonly kind: "text"; readonly nullable: boolean }
  | { readonly kind: "textList" }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "record"; readonly of: string };

/**
 * Where a value comes from: an option, with a value for configurations that lack it (`@option`,
 * `@default`), read from the attribute set that `@nixConfig` of the interface names; a Nix
 * expression (`@nix`); or the type itself, which allows one value alone.
 */
export type PropertySource =
  | {
      readonly kind: "option";
      readonly set: string;
      readonly path: string;
      readonly fallback: unknown;
    }
  | { readonly kind: "expression"; readonly lines: readonly string[] }
  | { readonly kind: "type" };
