import type { Policy } from "../../../src/policy/policy.ts";
import type { Container, Result } from "../container.ts";
import { NixosHost } from "../nixosHost.ts";
import {
  clearCalls,
  type Fault,
  finishedCalls,
  installFaultyCommands,
  withFault,
} from "./faultyCommands.ts";
import { observe, observeLeft } from "./observe.ts";
import { layOut } from "./scene.ts";

/** A run without a fault. */
interface Undisturbed {
  /** The command lines, in order. */
  readonly calls: readonly string[];
  /** The end of the run, as `observe` gives it. */
  readonly end: string;
}

/** A host with the scene on it, and runs of the sweep there that may go wrong. */
export class FaultyHost {
  readonly host: NixosHost;
  readonly container: Container;
  private readonly undisturbed = new Map<string, Undisturbed>();

  constructor(container: Container) {
    this.container = container;
    this.host = new NixosHost(container);
    installFaultyCommands(container);
  }

  /** Lays the scene out anew; gives what has to be left alone. */
  start({ record = false } = {}): string {
    this.host.reset();
    layOut(this.host, this.container, record);
    clearCalls(this.container);
    return this.left();
  }

  /** Activates generation 2. */
  activate(policy: Partial<Policy>, fault: Fault = {}): Result {
    return this.host.activate(2, { policy, dies: fault.whole ?? false, ...withFault(fault) });
  }

  /** What one run without a fault does; made once a policy, with and without a record. */
  reference(policy: Partial<Policy>, { record = false } = {}): Undisturbed {
    const key = JSON.stringify([policy, record]);
    const known = this.undisturbed.get(key);
    if (known !== undefined) return known;
    this.start({ record });
    const { status, stderr } = this.activate(policy);
    if (status !== 0) throw new Error(`the undisturbed run fails: ${stderr}`);
    const reference = { calls: finishedCalls(this.container), end: this.end() };
    this.undisturbed.set(key, reference);
    return reference;
  }

  /** What has to be left alone, as it is now. */
  left(): string {
    return observeLeft(this.container);
  }

  /** All that the sweep may change, as it is now. */
  end(): string {
    return observe(this.container);
  }

  /** Whether systemd was told after the last unit file went, in this run or a later one. */
  isReloaded(): boolean {
    const calls = finishedCalls(this.container);
    const removal = calls.findLastIndex((call) => /^(rm|mv) .*\/systemd\/system/.test(call));
    return calls.lastIndexOf("systemctl daemon-reload") > removal;
  }
}
