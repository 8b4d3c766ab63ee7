import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/json/fault.ts";
import { MAX_INSTANCE_NAME_BYTES } from "../../src/microvm/names.ts";
import { chooseHost } from "../../src/usage/chooseHost.ts";
import type { Host } from "../../src/usage/model.ts";
import { readHosts, type UsageFormat } from "../../src/usage/readHosts.ts";
import { document, host, line } from "./documents.ts";

type Input = string | Uint8Array;

interface Request {
  readonly format?: UsageFormat;
  readonly host?: string;
}

function read(input: Input, { format = "json", host }: Request = {}) {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  return chooseHost(readHosts([bytes], { file: "u", format, release: "0.1.0" }), "u", host);
}

/** Each fault as `line:column code pointer`, which says where it is and what. */
async function faults(input: Input, request: Request = {}): Promise<string[]> {
  const { diagnostics } = await read(input, request);
  return diagnostics.map(({ position, code, pointer }) => {
    const place = position === undefined ? "-" : `${position.line}:${position.column}`;
    return `${place} ${code} ${pointer}`.trimEnd();
  });
}

function hyp(changes: object): string {
  return document({ "hyp-01": { ...host(), ...changes } as Host });
}

describe("a document without a fault", () => {
  it("gives the only host that is no guest", async () => {
    const guest = host({ role: "guest", hostModule: "absent" });
    const { host: chosen, diagnostics } = await read(document({ fw: guest, "hyp-01": host() }));
    expect(diagnostics).toEqual([]);
    expect(chosen?.name).toBe("hyp-01");
    expect(JSON.parse(JSON.stringify(chosen?.host))).toEqual(host());
  });

  it("gives the host that is named", async () => {
    const hosts = { a: host(), b: host({ vms: {}, autostart: [] }) };
    const { host: chosen } = await read(document(hosts), { host: "b" });
    expect(Object.keys(chosen?.host.vms ?? { x: 1 })).toEqual([]);
  });

  it("may have hosts with the names of what every object inherits", async () => {
    const hosts = JSON.parse(`{"__proto__":${JSON.stringify(host())}}`);
    const { host: chosen, diagnostics } = await read(document(hosts), { host: "__proto__" });
    expect(diagnostics).toEqual([]);
    expect(chosen?.name).toBe("__proto__");
    expect(await faults(document({ a: host() }), { host: "constructor" })).toEqual([
      "3:12 MS1201 /hosts",
    ]);
  });
});

describe("the text of a document", () => {
  it.each<[string, Input, string[]]>([
    ["empty", "", ["1:1 MS1001"]],
    ["cut off", '{"schemaVersion": 1', ["1:20 MS1003"]],
    ["a byte order mark", `\ufeff${document()}`, ["1:1 MS1004"]],
    ["text after the value", `${document()}\nx`, ["31:1 MS1002"]],
    ["a NUL character", hyp({ stateDir: "/x\0" }), ["9:19 MS1206 /hosts/hyp-01/stateDir"]],
    ["an array", "[]", ["1:1 MS1104"]],
    ["null", "null", ["1:1 MS1104"]],
    ["too large", " ".repeat(LIMITS.bytes + 1), ["1:1 MS1008"]],
    ["JSON Lines", `${line("a")}\n${line("b")}\n`, ["1:1 MS1009"]],
    ["one line of JSON Lines", line("a"), ["1:1 MS1009"]],
  ])("%s", async (_name, input, expected) => {
    expect(await faults(input)).toEqual(expected);
  });

  it("may have 2,000 hosts with 50 MicroVMs each, indented, as its page says", () => {
    const vm = {
      kind: "flake",
      autostart: true,
      updateFlake: `git+ssh://${"x".repeat(50)}`,
    } as const;
    const names = Array.from({ length: 50 }, (_, i) => `service-name-${100 + i}`);
    const vms = Object.fromEntries(names.map((name) => [name, vm]));
    const bytes = document({ "hypervisor-1000": host({ vms, autostart: names }) }).length;
    expect(2000 * bytes).toBeLessThan(LIMITS.bytes);
    const page = readFileSync(new URL("../../docs/usage.md", import.meta.url), "utf8");
    expect(page).toContain(`at most ${LIMITS.bytes / 1024 / 1024} MiB`);
  });
});

describe("the shape of a document", () => {
  it.each<[string, string, string[]]>([
    ["an unknown key", hyp({ stateDri: 1 }), ["28:7 MS1102 /hosts/hyp-01/stateDri"]],
    ["a missing key", hyp({ system: undefined }), ["4:15 MS1103 /hosts/hyp-01"]],
    [
      "a wrong type",
      hyp({ activationScripts: "yes" }),
      ["14:28 MS1104 /hosts/hyp-01/activationScripts"],
    ],
    ["another platform", hyp({ system: "aarch64-darwin" }), ["5:17 MS1208 /hosts/hyp-01/system"]],
    [
      "a host module that nobody knows",
      hyp({ hostModule: "unknown" }),
      ["8:21 MS1210 /hosts/hyp-01/hostModule"],
    ],
    [
      "a platform of another form",
      hyp({ system: "x-Linux" }),
      ["5:17 MS1106 /hosts/hyp-01/system"],
    ],
    ["a value that is not known", hyp({ role: "gest" }), ["7:15 MS1105 /hosts/hyp-01/role"]],
    [
      "a release of another form",
      hyp({ nixosRelease: "unstable" }),
      ["6:23 MS1106 /hosts/hyp-01/nixosRelease"],
    ],
    ["a name twice", hyp({ autostart: ["a", "a"] }), ["12:9 MS1107 /hosts/hyp-01/autostart/1"]],
    [
      "names that are not sorted",
      hyp({ autostart: ["b", "a"] }),
      ["12:9 MS1107 /hosts/hyp-01/autostart/1"],
    ],
    ["no schema version", '{"hosts": {}}', ["1:1 MS1103"]],
    [
      "an older schema version",
      '{"schemaVersion": 0, "hosts": {}}',
      ["1:19 MS1105 /schemaVersion"],
    ],
    [
      "a newer one, whatever else is new",
      '{"schemaVersion": 2, "fleets": []}',
      ["1:19 MS1101 /schemaVersion"],
    ],
    [
      "keys of objects as keys",
      '{"schemaVersion": 1, "hosts": {}, "__proto__": {}, "constructor": {}}',
      ["1:35 MS1102 /__proto__", "1:52 MS1102 /constructor"],
    ],
  ])("%s", async (_name, input, expected) => {
    expect(await faults(input)).toEqual(expected);
  });

  it("hides no fault of the content where a property has its type", async () => {
    const vms = { "a b": 1, fw: { kind: "config", autostart: true, updateFlake: null } };
    const odd = { stateDir: "var", autostart: ["b", 5, "a", "c d"], vms, system: 5 };
    const hosts = { a: { ...host(), ...odd }, "hyp-01": host({ stateDir: "/etc" }) };
    const text = JSON.stringify({ schemaVersion: 1, hosts, extra: 1 });
    const { diagnostics } = await read(text, { host: "hyp-02" });
    expect(diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      "MS1104 /hosts/a/system",
      "MS1206 /hosts/a/stateDir",
      "MS1104 /hosts/a/autostart/1",
      "MS1107 /hosts/a/autostart/2",
      "MS1205 /hosts/a/autostart/3",
      "MS1205 /hosts/a/vms/a b",
      "MS1104 /hosts/a/vms/a b",
      "MS1206 /hosts/hyp-01/stateDir",
      "MS1102 /extra",
    ]);
  });

  it("reports a missing wanted host together with faults of the content", async () => {
    const found = await faults(hyp({ stateDir: "var" }), { host: "hyp-02" });
    expect(found).toEqual(["3:12 MS1201 /hosts", "9:19 MS1206 /hosts/hyp-01/stateDir"]);
  });

  it.each<[string, object]>([
    ["a document", { hosts: null }],
    ["a host", { hosts: { a: null, b: [], c: "x" } }],
    ["a MicroVM", { hosts: { a: { ...host(), vms: { x: null, y: [] } } } }],
    ["the properties", { hosts: { a: { ...host(), stateDir: 1, autostart: {}, vms: [] } } }],
  ])("of %s is reported, and no rule looks at a value of a wrong type", async (_name, value) => {
    const { diagnostics } = await read(JSON.stringify({ schemaVersion: 1, ...value }));
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(["MS1104"]));
  });

  it("is one fault for a name that is in the list twice, which is not out of order as well", async () => {
    const found = await faults(hyp({ autostart: ["a", "b", "a"] }));
    expect(found).toEqual(["13:9 MS1107 /hosts/hyp-01/autostart/2"]);
  });

  it("does not hide names that no unit can have where the list has one twice", async () => {
    expect(await faults(hyp({ autostart: ["a b", "a b"], stateDir: "/etc" }))).toEqual([
      "9:19 MS1206 /hosts/hyp-01/stateDir",
      "11:9 MS1205 /hosts/hyp-01/autostart/0",
      "12:9 MS1107 /hosts/hyp-01/autostart/1",
    ]);
  });

  it("gives all faults at once, in the order of their places", async () => {
    const input = hyp({ system: 5, role: "gest", vms: { "a b": 1 } });
    expect(await faults(input)).toEqual([
      "5:17 MS1104 /hosts/hyp-01/system",
      "7:15 MS1105 /hosts/hyp-01/role",
      "17:9 MS1205 /hosts/hyp-01/vms/a b",
      "17:16 MS1104 /hosts/hyp-01/vms/a b",
    ]);
  });

  it("has the nearest known word for one that is not known", async () => {
    const { diagnostics } = await read(hyp({ stateDri: 1, hostModule: "enable" }));
    expect(diagnostics.map(({ hint }) => hint)).toEqual([
      'did you mean "enabled"?',
      'did you mean "stateDir"?',
    ]);
  });

  it("says which release reads a newer version", async () => {
    const { diagnostics } = await read('{"schemaVersion": 2}');
    expect(diagnostics[0]?.hint).toContain("a release of microvm-sweep newer than 0.1.0");
  });

  it("shows a hundred faults and counts the others", async () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`no ${i}`, 1]));
    const { diagnostics } = await read(hyp(many));
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)).toMatchObject({ code: "MS1013", message: "and 50 more" });
  });

  it("looks for a thousand faults at most, in the order of the hosts", async () => {
    const hosts = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`h${i}`, {}]));
    const { diagnostics } = await read(JSON.stringify({ schemaVersion: 1, hosts }));
    expect(diagnostics.slice(0, -1).map(({ pointer }) => pointer)).toEqual(
      Array.from({ length: 100 }, (_, i) => `/hosts/h${i}`),
    );
    expect(diagnostics.at(-1)).toMatchObject({ code: "MS1013", message: "and at least 900 more" });
  });
});

describe("the names and the state directory of a host", () => {
  const vm = { kind: "config", autostart: true, updateFlake: null };

  it.each([
    ["a space", "a b", 'it has the character " "'],
    ["a slash", "a/b", 'it has the character "/"'],
    ["a percent sign", "a%b", 'it has the character "%"'],
    ["a character outside of ASCII", "é", 'it has the character "é"'],
    ["nothing", "", "it is empty"],
    ["the parent directory", "..", "it names another directory"],
    ["the directory itself", ".", "it names another directory"],
    [
      "one character too many",
      "a".repeat(MAX_INSTANCE_NAME_BYTES + 1),
      `it has ${MAX_INSTANCE_NAME_BYTES + 1} bytes, and at most ${MAX_INSTANCE_NAME_BYTES}`,
    ],
  ])("a MicroVM named with %s", async (_what, name, reason) => {
    const { diagnostics } = await read(hyp({ vms: { [name]: vm }, autostart: [name] }));
    expect(diagnostics.map(({ code }) => code)).toEqual(["MS1205", "MS1205"]);
    for (const { message } of diagnostics) expect(message).toContain(reason);
  });

  it.each(["a", "-a", "a@b", "a.b:c_d\\x2d", "a".repeat(MAX_INSTANCE_NAME_BYTES)])(
    "accepts the name %s",
    async (name) => {
      expect(await faults(hyp({ vms: { [name]: vm }, autostart: [] }))).toEqual([]);
    },
  );

  it.each([
    "var/lib/microvms",
    "",
    "/",
    "/var//lib/vms",
    "/var/lib/vms/",
    "/var/../vms",
    "/./vms",
    "/var/lib",
    "/etc",
    "/etc/vms",
    "/nix/store/x",
    "/home",
    "/vms\n",
    "/proc/1",
  ])("refuses the state directory %j", async (stateDir) => {
    expect(await faults(hyp({ stateDir }))).toEqual(["9:19 MS1206 /hosts/hyp-01/stateDir"]);
  });

  it.each(["/var/lib/microvms", "/srv/vms", "/data/v m's $x", "/home/me/vms", "/nix/vms"])(
    "accepts the state directory %s",
    async (stateDir) => expect(await faults(hyp({ stateDir }))).toEqual([]),
  );
});

describe("the name of a host", () => {
  const name = "a\0";

  it("fits into a file", async () => {
    expect(await faults(document({ [name]: host() }))).toEqual(["4:5 MS1011 /hosts/a\0"]);
    expect(await faults(line(name), { format: "json-lines" })).toEqual(["1:27 MS1011 /host"]);
    expect(await faults(document({ "\ud800": host() }))).toEqual(["4:5 MS1011 /hosts/\ud800"]);
  });
});

describe("lines of nix-eval-jobs", () => {
  const job = (attrPath: unknown, rest: object) =>
    `${JSON.stringify({ attr: "x", attrPath, ...rest })}\n`;
  const { schemaVersion: _version, host: _name, ...usage } = JSON.parse(line("a"));
  const extraValue = usage;
  const jobs = { format: "nix-eval-jobs" } as const;
  const failed = job(["b"], { error: "error: x\n\u001b[31merror: no such option" });

  it("give the host that is named, whatever happened to others", async () => {
    const text = job(["a"], { extraValue }) + failed;
    const { host: chosen, diagnostics } = await read(text, { ...jobs, host: "a" });
    expect(diagnostics).toEqual([]);
    expect(chosen).toEqual({ name: "a", host: host() });
    const other = await read(text, { ...jobs, host: "b" });
    expect(other.diagnostics.map(({ message }) => message)).toEqual([
      'nix-eval-jobs could not evaluate "b": no such option',
    ]);
  });

  it.each<[string, string, string[]]>([
    ["no attribute path", job(undefined, { extraValue }), ["1:1 MS1103"]],
    ["no usage", job(["a"], {}), ["1:1 MS1103"]],
    ["no name of what failed", job([], { error: "x" }), ["1:35 MS3103 /error"]],
    [
      "a wrong value",
      job(["a"], { extraValue: { ...usage, role: "x" } }),
      ["1:98 MS1105 /extraValue/role"],
    ],
  ])("%s", async (_name, text, expected) => {
    expect(await faults(text, jobs)).toEqual(expected);
  });
});

describe("the choice of a host", () => {
  const guest = host({ role: "guest", hostModule: "absent" });

  it.each<[string, Record<string, Host>, string | undefined, string[]]>([
    ["no host at all", {}, undefined, ["3:12 MS1202 /hosts"]],
    ["guests only", { fw: guest }, undefined, ["3:12 MS1202 /hosts"]],
    ["several hosts", { a: host(), b: host() }, undefined, ["3:12 MS1203 /hosts"]],
    ["an unknown host", { "hyp-01": host() }, "hyp-02", ["3:12 MS1201 /hosts"]],
    ["a guest", { fw: guest }, "fw", ["7:15 MS1204 /hosts/fw/role"]],
  ])("%s", async (_name, hosts, wanted, expected) => {
    const request = wanted === undefined ? {} : { host: wanted };
    expect(await faults(document(hosts), request)).toEqual(expected);
    expect((await read(document(hosts), request)).host).toBeUndefined();
  });

  it("warns of a guest that could be a host too, and goes on", async () => {
    const nested = host({ role: "guest", vms: {}, autostart: [] });
    const { host: chosen, diagnostics } = await read(document({ nested }), { host: "nested" });
    expect(chosen?.name).toBe("nested");
    expect(diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      "warning MS1204",
    ]);
  });
});

describe("a MicroVM that declares some itself", () => {
  it("is a host like others", async () => {
    const hosts = { nested: host({ role: "guest" }) };
    expect(await faults(document(hosts))).toEqual([]);
    expect((await read(document(hosts))).host?.name).toBe("nested");
  });
});

describe("JSON Lines", () => {
  const lines = { format: "json-lines" } as const;

  it("gives the host that is named", async () => {
    const text = `${line("a")}\n${line("b", { vms: {}, autostart: [] })}\n`;
    const { host: chosen, diagnostics } = await read(text, { ...lines, host: "b" });
    expect(diagnostics).toEqual([]);
    expect(chosen?.name).toBe("b");
    expect(chosen?.host).not.toHaveProperty("schemaVersion");
    expect(chosen?.host).not.toHaveProperty("host");
  });

  it("gives all faults of a line at once, those of its shape and of its content", async () => {
    const odd = { stateDir: "var", system: 5, role: "guest", autostart: ["a b", "a b"] };
    const text = JSON.stringify({ ...JSON.parse(line("a")), ...odd });
    const { diagnostics } = await read(`${text}\n`, { ...lines, host: "a" });
    expect(diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      "MS1104 /system",
      "MS1206 /stateDir",
      "MS1205 /autostart/0",
      "MS1107 /autostart/1",
    ]);
  });

  it("may have empty lines, and needs no newline at the end", async () => {
    expect(await faults(`\n${line("a")}\n\n\n`, lines)).toEqual([]);
    expect(await faults(line("a"), lines)).toEqual([]);
  });

  it.each<[string, string, string | undefined, string[]]>([
    ["empty", "", undefined, ["1:1 MS1001"]],
    ["nothing but empty lines", "\n\n", undefined, ["1:1 MS1001"]],
    ["a host twice", `${line("a")}\n${line("a")}`, "a", ["2:1 MS1207 /host"]],
    ["a fault on the second line", `${line("a")}\n{"x": 1,\n`, "a", ["2:9 MS1003"]],
    ["several hosts", `${line("a")}\n${line("b")}`, undefined, ["- MS1203"]],
    ["an unknown host", line("a"), "c", ["- MS1201"]],
    ["a guest", line("fw", { role: "guest", hostModule: "absent" }), "fw", ["1:86 MS1204 /role"]],
    [
      "a newer version, and what follows",
      '{"schemaVersion": 2}\nnot JSON',
      undefined,
      ["1:19 MS1101 /schemaVersion", "2:1 MS1002"],
    ],
    ["a document over many lines", document(), undefined, ["1:1 MS1010"]],
    ["a document on one line", JSON.stringify(JSON.parse(document())), undefined, ["1:1 MS1010"]],
  ])("%s", async (_name, text, wanted, expected) => {
    const request = wanted === undefined ? lines : { ...lines, host: wanted };
    expect(await faults(text, request)).toEqual(expected);
  });

  it("needs the same memory for any number of hosts", async () => {
    const count = 3_000;
    const vms = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [
        `vm${i}`,
        { kind: "config", autostart: true, updateFlake: null } as const,
      ]),
    );
    let most = 0;
    async function* fleet() {
      for (let i = 0; i < count; i += 1) {
        yield Buffer.from(`${line(`h${i}`, { vms, autostart: [] })}\n`);
        if (i % 50 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
      }
    }
    const hosts = readHosts(fleet(), { file: "u", release: "1", ...lines });
    const { host: chosen, diagnostics } = await chooseHost(hosts, "u", "h7");
    expect(diagnostics).toEqual([]);
    expect(chosen?.name).toBe("h7");
    // One host takes 36 kB in memory, so all of them would take 108 MB.
    expect(most).toBeLessThan(80e6);
  });
});
