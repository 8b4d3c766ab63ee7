import { expect, it } from "vitest";
import { onEverySystemd } from "./onSystemd.ts";
import type { Start } from "./program.ts";
import { removed, STATE } from "./state/removed.ts";

const ROOTS = "/nix/var/nix/gcroots/microvm";
const ROW = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d";

onEverySystemd("archive and delete", (scene) => {
  /** Expects that a command succeeds and says nothing but these lines, which are patterns. */
  function expectDone(words: string, lines: readonly string[], start: Start = {}): void {
    expect(scene.host.sweep(2, words, start)).toEqual({
      status: 0,
      stderr: "",
      stdout: expect.stringMatching(
        new RegExp(`^NAME +SIZE +LAST CHANGE UTC +WHAT GOES\n${lines.join("\n")}\n$`),
      ),
    });
  }

  /** What is in the state directory and among the roots. */
  function left(): string {
    return scene.container.must(`cd ${STATE}; find . ${ROOTS} -mindepth 1 | sort`);
  }

  /** Runs a command on a terminal on which somebody types a text, after a script. */
  function type(words: string, text: string, script = ""): { status: number | null; said: string } {
    const { host, container } = scene;
    host.sweep(2, "--help");
    const { status, stdout } = container.run(
      `(sleep 2; ${script}
       printf '%s\\n' '${text}'; sleep 2) | script --quiet --return --command "/root/sweep-microvms ${words}" /dev/null`,
    );
    return { status, said: stdout.replaceAll("\r", "") };
  }

  it("delete shows what goes and what stays, and deletes one VM", () => {
    const { host, container } = scene;
    removed(scene, "web", "db");
    host.imperative("web");
    host.file(
      "/nix/store/runner-of-web/bin/microvm-run",
      `if [ ! -e '/srv/web.img' ]; then touch '/srv/web.img'; fi
qemu -drive id=vda,file=/srv/web.img,if=none -kernel /nix/store/x-linux/bzImage -fsdev local,id=fs0,path=/srv/9p </dev/null
ch '--disk' 'path=${STATE}/db/shared.img,readonly=on' '{"path_on_host":"/srv/fire.img"}' --disk web.img,${STATE}/web/own.img
`,
    );
    host.file("/nix/store/runner-of-web/share/microvm/virtiofs/home/source", "/srv/homes/web\n");
    expectDone("delete web --yes", [
      `web +[0-9.]+K +${ROW}  ${STATE}/web`,
      ` +${ROOTS}/web`,
      ` +${ROOTS}/booted-web`,
      `The runner of web names these, which stay: /srv/9p, /srv/fire.img, /srv/homes/web, /srv/web.img, ${STATE}/db/shared.img`,
      "Generation 1 still has web: after a rollback it starts with nothing",
      "deleted web",
    ]);
    expect(left()).not.toMatch(/web|deleted/);
    expect(container.must(`cat ${STATE}/db/disk.img`)).toBe("disk of db");
    expect(container.run("journalctl --identifier microvm-sweep --output cat").stdout).toContain(
      "deleted web",
    );
  });

  it("archive is one rename, which a rename undoes", () => {
    const { host, container } = scene;
    removed(scene, "web");
    host.imperative("web");
    const inodes = () =>
      container.must(`find / -xdev -path '*/web*' -name disk.img -printf '%i %U %m %T@'`);
    const before = inodes();
    expectDone("archive web --yes", [
      `web .* ${STATE}/web`,
      ` +${ROOTS}/web`,
      ` +${ROOTS}/booted-web`,
      `State directories go to ${STATE}/\\+archive`,
      "Generation 1 still has web: after a rollback it starts with nothing",
      `archived web: ${STATE}/\\+archive/web`,
    ]);
    expect(inodes()).toBe(before);
    expect(container.must(`stat --format %U:%a ${STATE}/+archive; ls ${ROOTS}`)).toBe("root:700\n");
    // Nobody takes the archive for a VM.
    expect(host.sweep(2, "plan").stdout).not.toMatch(/archive\b(?! NAME)/);
    container.must(`mv --no-target-directory ${STATE}/+archive/web ${STATE}/web`);
    host.start("web");
    expect(container.must(`cat ${STATE}/web/disk.img`)).toBe("disk of web");
  });

  it("help is for everybody", () => {
    const { status, stdout } = scene.host.sweep(2, "delete --help");
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^usage: sweep-microvms archive NAME/),
    });
  });

  it("archive goes to another directory where one is named", () => {
    removed(scene, "web");
    scene.container.must("rm -rf /srv/old; mkdir --mode=0700 /srv/old");
    expectDone("archive --to /srv/old web --yes", [
      `web .* ${STATE}/web`,
      "State directories go to /srv/old",
      "It is not known what web has elsewhere: its runner is not in the store any more",
      "Generation 1 still has web: after a rollback it starts with nothing",
      "archived web: /srv/old/web",
    ]);
    expect(scene.container.must("cat /srv/old/web/disk.img; rm -r /srv/old")).toBe("disk of web");
  });

  it("a dry run shows the same and changes nothing", () => {
    const { host } = scene;
    removed(scene, "web");
    host.imperative("web");
    const before = host.snapshot();
    for (const verb of ["archive", "delete"]) {
      const { status, stdout } = host.sweep(2, `${verb} web --dry-run --yes`);
      expect(status).toBe(0);
      expect(stdout).toContain(`${ROOTS}/booted-web\n`);
      expect(stdout).not.toMatch(/archived|deleted/);
    }
    expect(host.snapshot()).toBe(before);
  });

  it("several names are one table and one question", () => {
    removed(scene, "web", "db", "mail");
    const { status, said } = type("delete web mail web", "mail web");
    expect(said).toMatch(/^mail .*\nweb .*\n/m);
    expect(said).toContain("To delete, type mail web: ");
    expect(said).toMatch(/deleted mail\ndeleted web\n$/);
    expect(status).toBe(0);
    expect(left()).not.toMatch(/web|mail/);
    expect(left()).toContain("db/disk.img");
  });

  it("another text than the name changes nothing", () => {
    const { host } = scene;
    removed(scene, "web");
    const before = host.snapshot();
    for (const text of ["yes", "", "web db"]) {
      const { status, said } = type("delete web", text);
      expect(said).toContain(
        "microvm-sweep: error: that is another text\nmicrovm-sweep: nothing is changed",
      );
      expect(status).toBe(1);
    }
    expect(host.snapshot()).toBe(before);
  });

  it("a VM that starts while the question waits is not touched", () => {
    const { host } = scene;
    removed(scene, "web");
    const { status, said } = type("delete web", "web", "systemctl start microvm@web.service;");
    expect(said).toContain("microvm-sweep: error: web is active");
    expect(status).toBe(1);
    expect(host.exists(`${STATE}/web/disk.img`)).toBe(true);
    expect(host.runs("web")).toBe(true);
  });

  it("plan ends with what could go, and completion offers it", () => {
    const { host } = scene;
    removed(scene, "web", "db");
    host.start("db");
    const last = host.sweep(2, "plan").stdout.trim().split("\n").at(-1);
    expect(last).toMatch(
      /^state directories of removed MicroVMs: 1, [0-9.]+K; to remove one: sweep-microvms archive NAME, or delete NAME$/,
    );
    for (const verb of ["archive", "delete"])
      expect(host.sweep(2, `complete ${verb} ''`).stdout).toBe("web\n");
  });

  it("a VM of which there are only roots", () => {
    const { host, container } = scene;
    removed(scene);
    host.imperative("web");
    container.must(`rm -r ${STATE}/web`);
    expectDone("delete web --yes", [
      `web +- +- +${ROOTS}/web`,
      ` +${ROOTS}/booted-web`,
      "deleted web",
    ]);
    expect(left()).not.toContain("web");
  });

  it("roots where there is no state directory at all", () => {
    const { host, container } = scene;
    removed(scene);
    host.imperative("web");
    container.must(`rm -r ${STATE}`);
    expectDone("delete web --yes", [
      `web +- +- +${ROOTS}/web`,
      ` +${ROOTS}/booted-web`,
      "deleted web",
    ]);
    expect(host.exists(STATE)).toBe(false);
  });

  it("VMs whose names begin with booted- and old- keep their roots, and lose no others", () => {
    const { host, container } = scene;
    removed(scene);
    for (const name of ["web", "old-web"]) host.imperative(name);
    // It is a name of its own, beside what `microvm -c web` made.
    host.state("booted-web", { declarative: false });
    host.link(`${ROOTS}/booted-booted-web`, `${STATE}/booted-web/booted`);
    host.link(`${ROOTS}/old-old-web`, `${STATE}/old-web/old`);
    expect(host.sweep(2, "delete booted-web --yes").status).toBe(0);
    expect(container.must(`ls ${ROOTS}`)).toBe(
      "booted-old-web\nbooted-web\nold-old-web\nold-web\nweb\n",
    );
    expect(host.sweep(2, "delete web --yes").status).toBe(0);
    expect(container.must(`ls ${ROOTS}`)).toBe("booted-old-web\nold-old-web\nold-web\n");
    expect(host.sweep(2, "delete old-web --yes").status).toBe(0);
    expect(container.must(`ls ${ROOTS}`)).toBe("");
  });

  it("a root that is a directory or a file stays", () => {
    const { host } = scene;
    removed(scene, "web");
    host.file(`${ROOTS}/web`, "not a link");
    expect(host.sweep(2, "delete web --yes").stdout).toContain("deleted web\n");
    expect(host.exists(`${ROOTS}/web`)).toBe(true);
  });

  it("odd names", () => {
    const { host } = scene;
    const names = ["-rf", "--yes", "-", "a\\x2db", "...", "@", "a:b", ".hidden"];
    removed(scene);
    for (const name of names) host.state(name);
    const words = names.map((name) => `'${name}'`).join(" ");
    expect(host.sweep(2, `archive --yes -- ${words}`).status).toBe(0);
    expect(left().match(/^\.\/\+archive\/[^/]*$/gm)).toEqual(
      [...names].sort().map((name) => `./+archive/${name}`),
    );
    for (const name of names) host.state(name);
    expect(host.sweep(2, `delete --yes -- ${words}`).status).toBe(0);
    expect(left()).toMatch(/^(\.\/(fw|\+archive)(\/.*)?\n)*$/m);
    expect(left().match(/^\.\/[^/]*$/gm)).toEqual(["./+archive", "./fw"]);
  });

  it("a VM of another state directory, which a link leads to", () => {
    const { host, container } = scene;
    container.must("rm -rf /srv/vms; mkdir /srv/vms; ln -sfn /srv/vms /srv/link");
    host.build(2, { vms: ["fw"], stateDir: "/srv/link" });
    host.current(2);
    host.file("/srv/vms/web/disk.img", "disk of web");
    host.link(`${ROOTS}/web`, "/srv/link/web/current");
    expectDone("archive web --yes", [
      "web .* /srv/vms/web",
      ` +${ROOTS}/web`,
      "State directories go to /srv/vms/\\+archive",
      "It is not known what web has elsewhere: its runner is not in the store any more",
      "archived web: /srv/vms/\\+archive/web",
    ]);
    container.must("rm -r /srv/vms /srv/link");
  });

  const KILLED = [
    ["before the rename", '  if ! move "$path"', '  kill -KILL $$; if ! move "$path"'],
    [
      "after the rename",
      "  if [[ $(stat --format=%d:%i:%F",
      "  kill -KILL $$; if [[ $(stat --format=%d:%i:%F",
    ],
    ["while it deletes", "erase() {\n", 'erase() {\n  rm "./$1/disk.img"; kill -KILL $$\n'],
    ["before the roots go", "  rm --force -- ", "  kill -KILL $$; rm --force -- "],
  ] as const;
  it.each(KILLED)("a delete that is killed %s can be finished", (when, from, to) => {
    const { host } = scene;
    removed(scene, "web", "db");
    host.imperative("web");
    const { stdout } = host.sweep(2, "delete web --yes", {
      change: (text, part) => {
        if (part !== "state") return text;
        expect(text).toContain(from);
        return text.replace(from, () => to);
      },
    });
    expect(stdout).not.toContain("deleted web");
    const isMoved = when === "after the rename" || when === "while it deletes";
    expect(host.exists(`${STATE}/+deleted/web+`)).toBe(isMoved);
    expect(host.exists(`${STATE}/web/disk.img`)).toBe(when === "before the rename");
    const other = host.sweep(2, "delete db --dry-run").stdout;
    expect(
      other.includes("A delete of web did not end; to go on: sweep-microvms delete web\n"),
    ).toBe(isMoved);
    const again = host.sweep(2, "delete web --yes");
    expect(again).toMatchObject({ status: 0, stderr: "" });
    expect(again.stdout.includes(`${STATE}/+deleted/web+`)).toBe(isMoved);
    expect(left()).not.toMatch(/web|deleted/);
  });

  it("a rest and a new directory of the same name go together", () => {
    const { host, container } = scene;
    removed(scene, "web");
    container.must(`mkdir -m 0700 ${STATE}/+deleted; cp -a ${STATE}/web ${STATE}/+deleted/web+`);
    expect(host.sweep(2, "delete web --yes")).toMatchObject({ status: 0, stderr: "" });
    expect(left()).not.toMatch(/web|deleted/);
  });

  it("what cannot be deleted is named, and its roots stay", () => {
    const { host, container } = scene;
    removed(scene, "web");
    host.imperative("web");
    const result = host.sweep(2, "delete web --yes", {
      change: (text) => text.replace("rm --recursive", "false --recursive"),
    });
    expect(result.status).toBe(1);
    expect(result.stderr).toBe(
      `microvm-sweep: error: the rest of web is in ${STATE}/+deleted/web+; to go on: sweep-microvms delete web\n`,
    );
    expect(container.must(`ls ${ROOTS}`)).toBe("booted-web\nweb\n");
  });
});
