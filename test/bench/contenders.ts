import { TEMPLATES } from "../systemd/units.ts";

const SYSTEMCTL = "/usr/bin/systemctl";
const CONTROL = "/etc/systemd/system.control";
/** The family without its main unit, whose drop-ins are stale as well. */
const UNITS = Object.keys(TEMPLATES).filter((unit) => !unit.startsWith("microvm-set-booted"));

/** All units of a VM, as a Bash word list. */
const unitsOf = (name: string) =>
  Object.keys(TEMPLATES).map((unit) => unit.replace("@.", `@${name}.`));

/** The stale drop-in directories of a VM: five, as many as the units that set-property could have met. */
export const staleOf = (name: string) =>
  UNITS.map((unit) => `${CONTROL}/${unit.replace("@.", `@${name}.`)}.d`);

/** The least that is asked of systemd. */
export const LIST = `${SYSTEMCTL} list-units`;

/** What one would write by hand: a VM at a time. */
export function loopOver(names: readonly string[]): string {
  const one = (name: string) => `
if ${SYSTEMCTL} is-active --quiet microvm@${name}.service; then
  ${SYSTEMCTL} stop ${unitsOf(name).join(" ")}
fi
rm -rf ${staleOf(name).join(" ")}`;
  return `${names.map(one).join("")}\n${SYSTEMCTL} daemon-reload\n`;
}

/** The floor: one call for each step, with all names known beforehand. */
export function floorFor(names: readonly string[]): string {
  return `
${LIST} --all
${SYSTEMCTL} stop ${names.flatMap(unitsOf).join(" ")}
rm -rf ${names.flatMap(staleOf).join(" ")}
${SYSTEMCTL} daemon-reload
`;
}
