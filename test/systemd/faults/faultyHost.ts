import type { Container, Result } from "../container.ts";
import { NixosHost } from "../nixosHost.ts";
import {
  calls,
  clearCalls,
  type Fault,
  installFaultyCommands,
  withFault,
} from "./faultyCommands.ts";
import { observe, observeLeft } from "./observe.ts";
import { layOut, POLICY } from "./scene.ts";

/** A run without a fault. */
interface Undisturbed {
  /** The command lines, in the order in which they began. */
  readonly calls: readonly string[];
  /** The end of the run, as `observe` gives it. */
  readonly end: string;
}

/** A host with the scene on it, and runs of the sweep there that may go wrong. */
export class FaultyHost {
  readonly host: NixosHost;
  readonly container: Container;
  private undisturbed: Undisturbed | undefined;

  constructor(container: Container) {
    this.container = container;
    this.host = new NixosHost(container);
    installFaultyCommands(container);
  }

  /** Lays the scene out anew; gives what has to be left alone. */
  start(): string {
    this.host.reset();
    layOut(this.host, this.container);
    clearCalls(this.container);
    return observeLeft(this.container);
  }

  /** Activates generation 2. */
  activate(fault: Fault = {}): Result {
    return this.host.activate(2, {
      policy: POLICY,
      dies: fault.whole ?? false,
      ...withFault(fault),
    });
  }

  /** What one run without a fault does. */
  reference(): Undisturbed {
    if (this.undisturbed !== undefined) return this.undisturbed;
    this.start();
    const { status, stderr } = this.activate();
    if (status !== 0) throw new Error(`the undisturbed run fails: ${stderr}`);
    this.undisturbed = { calls: calls(this.container), end: observe(this.container) };
    return this.undisturbed;
  }

  /** What has to be left alone, as it is now. */
  left(): string {
    return observeLeft(this.container);
  }

  /**
   * Runs once more, without a fault, and gives the end. Where the activation went on although a VM was
   * not stopped, nobody can tell it from one that was started by hand since: it is named with the
   * command that stops it.
   */
  complete(): string {
    const { stdout, stderr, status } = this.activate();
    const [, command] = /ba[rz]; to stop it: (systemctl .*)/.exec(stderr) ?? [];
    if (command !== undefined) {
      this.container.must(command);
      return this.complete();
    }
    if (status !== 0) throw new Error(`the run after the fault fails: ${stdout}${stderr}`);
    return observe(this.container);
  }
}
