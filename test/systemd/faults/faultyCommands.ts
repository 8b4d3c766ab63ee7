import type { Container } from "../container.ts";
import { type Start, TOOLS } from "../program.ts";

/** What goes wrong in a run. Calls are counted from 1 over all external commands of the program. */
export interface Fault {
  /** SIGKILL to the program at this call; `halfway` is after the first operand of the command. */
  readonly kill?: { readonly when: "before" | "halfway" | "after"; readonly call: number };
  /** Whether the kill takes the activation script around the program too. */
  readonly whole?: boolean;
  /** Commands that do nothing and return 1: an extended regular expression on the command line. */
  readonly fail?: string;
  /** Commands that run and return 1 all the same. */
  readonly failLate?: string;
  /** Commands that do their work for the first operand alone, and return 1. */
  readonly failHalfway?: string;
}

const FAULTY = "/opt/faults";
/** `decide` has no power, so that its commands could not write in a directory of root. */
const LOG = "/run/faults.log";

/**
 * Stands in the place of every command. Written with builtins alone, so that it calls nothing that
 * is itself replaced. A line "call N" is logged before the command.
 */
const STAND_IN = `#!/bin/bash
name=\${0##*/} line="\${0##*/} $*" call=1
real=${TOOLS}/$name
while read -r word _; do [[ $word == call ]] && ((call += 1)); done < ${LOG}
printf 'call %s %s\\n' "$call" "$line" >> ${LOG}
strike() {
  [[ $FAULT_KILL == "$1 $call" ]] || return
  # The outer one first, so that it does not see the program fail. What holds the lock is its own process.
  [[ -z $FAULT_WHOLE ]] || kill -KILL "$FAULT_ACTIVATION"
  /usr/bin/pkill -KILL -f '[m]icrovm-sweep/act.bash'
  exit 1
}
halfway() {
  local options=()
  while (($# > 1)) && [[ $1 != -- ]]; do options+=("$1"); shift; done
  "$real" "\${options[@]}" -- "$2"
}
strike before
[[ -n $FAULT_FAIL && $line =~ $FAULT_FAIL ]] && exit 1
if [[ $FAULT_KILL == "halfway $call" || (-n $FAULT_FAIL_HALFWAY && $line =~ $FAULT_FAIL_HALFWAY) ]]; then
  halfway "$@"
  strike halfway
  exit 1
fi
"$real" "$@"
status=$?
strike after
[[ -n $FAULT_FAIL_LATE && $line =~ $FAULT_FAIL_LATE ]] && exit 1
exit "$status"
`;

/** Puts a stand-in for each command that the program can call. */
export function installFaultyCommands(container: Container): void {
  container.must(`
    mkdir -p ${FAULTY}
    cat > ${FAULTY}/stand-in <<'END'
${STAND_IN}END
    chmod +x ${FAULTY}/stand-in
    for tool in $(ls ${TOOLS}); do ln -sfn stand-in ${FAULTY}/"$tool"; done`);
}

/** Starts the program with the stand-ins on its PATH, and with one fault. */
export function withFault(fault: Fault): Start {
  return {
    path: FAULTY,
    environment: {
      FAULT_KILL: fault.kill ? `${fault.kill.when} ${fault.kill.call}` : "",
      FAULT_WHOLE: fault.whole ? "yes" : "",
      FAULT_FAIL: fault.fail ?? "",
      FAULT_FAIL_LATE: fault.failLate ?? "",
      FAULT_FAIL_HALFWAY: fault.failHalfway ?? "",
    },
  };
}

/** Forgets the calls made so far. */
export function clearCalls(container: Container): void {
  container.must(`: > ${LOG}; chmod 666 ${LOG}`);
}

/** The command lines since `clearCalls`, in the order in which they began. */
export function calls(container: Container): readonly string[] {
  return container
    .must(`cat ${LOG}`)
    .split("\n")
    .filter((line) => line.startsWith("call "))
    .map((line) => line.replace(/^call \d+ /, ""));
}
