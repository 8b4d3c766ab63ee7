/** What to read, and which host is wanted. */
export interface UsageRequest {
  /** The input's name as the user gave it, for messages. */
  readonly file: string;
  readonly format: "json" | "json-lines";
  /** The host that is wanted; without it the only one that is not a guest. */
  readonly host?: string;
  /** The release that reads, for the message about a newer document. */
  readonly version: string;
}
