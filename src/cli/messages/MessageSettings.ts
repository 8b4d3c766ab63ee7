/** How the program talks to its user: the global options, and what its terminal can show. */
export interface MessageSettings {
  readonly quiet: boolean;
  readonly format: "text" | "json";
  readonly warningsAsErrors: boolean;
  readonly color: boolean;
  /** Whether progress can be drawn: standard error is a terminal, and nobody asked for quiet. */
  readonly progress: boolean;
}
