import type { MessageSettings } from "../messages/MessageSettings.ts";
import type { Messages } from "../messages/Messages.ts";

/** What the commands of one run share. */
export interface Invocation {
  readonly messages: Messages;
  readonly settings: MessageSettings;
  /** The exit status so far; a command that ends without a fault may change it. */
  exitCode: number;
}
