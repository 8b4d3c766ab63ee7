/** Steps of the script as they must not be: each does its work, and follows links in some way. */
export interface Broken {
  readonly what: string;
  readonly state: "archive" | "delete";
  readonly step: RegExp;
  readonly instead: string;
}

const ITS_STATE = `"\${state["@$name"]}"`;
const GOING = `"\${movable[@]/#/"\${option[state-dir]}/"}"`;
const ARCHIVE = /\bmv .*-- "\$\{state\["@\$name"\]\}" "\$place"/;
const DELETE = /\brm .*-- "\$\{movable\[@\]\/#\/"\$\{option\[state-dir\]\}\/"\}"/;

/** Those that follow any link in a state directory. */
export const FOLLOWING: readonly Broken[] = [
  {
    what: "archives by a copy that follows links",
    state: "archive",
    step: ARCHIVE,
    instead: `cp -aL -- ${ITS_STATE} "$place"`,
  },
  {
    what: "deletes what a find that follows links finds",
    state: "delete",
    step: DELETE,
    instead: `find -L ${GOING} -type f -delete`,
  },
];

/** Those that follow no link that was there before: only one that comes during the run. */
export const RACING: readonly Broken[] = [
  {
    what: "archives by a copy of what is in the directory",
    state: "archive",
    step: ARCHIVE,
    instead: `cp -a -- ${ITS_STATE}/. "$place"`,
  },
  {
    what: "deletes by paths below the directory",
    state: "delete",
    step: DELETE,
    instead: `(set +f; for path in ${GOING}; do rm -rf -- "$path"/*; done)`,
  },
];

export function breakScript({ step, instead }: Broken): (script: string) => string {
  return (script) => {
    if (!step.test(script)) throw new Error(`the script has no step: ${step}`);
    return script.replace(step, () => instead);
  };
}
