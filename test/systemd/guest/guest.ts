import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { missing, requireTool } from "../../support/require.ts";
import type { Container } from "../container.ts";
import { cacheDirectory } from "../root.ts";

/** Debian's kernel for virtual machines: on this architecture it has the console of `-M microvm` built in. */
const KERNEL = "linux-image-cloud-amd64";
/** Its modules for a disk, in the order in which they need one another. */
const MODULES = ["virtio_ring", "virtio", "virtio_mmio", "virtio_blk"];

/** Where the container has QEMU, the kernel and the initramfs. */
const PLACE = "/opt/guest";

/** What a guest writes when it is asked to shut down. */
export const LAST_WORDS = "shut down on request";

/**
 * The only program of the guest. It counts on its disk, and takes Ctrl-Alt-Delete as the request to
 * shut down, which the runner of microvm.nix sends.
 */
const INIT = `#!/bin/busybox sh
box=/bin/busybox
$box mount -t proc proc /proc
$box mount -t devtmpfs dev /dev
for module in ${MODULES.join(" ")}; do $box insmod /modules/$module.ko; done
write() { echo "$1" | $box dd of=/dev/vda bs=512 seek="$2" conv=fsync,notrunc 2> /dev/null; }
down() { write "${LAST_WORDS}" 1; $box sync; $box reboot -f; }
echo 0 > /proc/sys/kernel/ctrl-alt-del
trap down INT
count=0
while true; do count=$((count + 1)); write "count $count" 0; $box sleep 0.2; done
`;

/** The reason to skip, or `undefined` where a guest can be made. */
export function requireGuest(): string | undefined {
  if (process.arch !== "x64") return missing("the MicroVM of the tests is an x86-64 one", false);
  const reason = requireTool("qemu-system-x86_64", "busybox", "dpkg-deb", "apt-get", "ldd", "xz");
  if (reason !== undefined) return reason;
  try {
    kernel();
    return undefined;
  } catch (error) {
    return missing((error as Error).message, true);
  }
}

/**
 * KVM where the processor runs guests itself, else emulation. A KVM device alone says less: one that
 * is paravirtualized runs only kernels made for it.
 */
export function accelerator(): "kvm" | "tcg" {
  const flags = /^flags\s*:.*\b(vmx|svm)\b/m.test(readFileSync("/proc/cpuinfo", "utf8"));
  return flags && existsSync("/dev/kvm") ? "kvm" : "tcg";
}

/** Downloads the kernel once, and keeps it in the user's cache; returns the unpacked package. */
function kernel(): string {
  const directory = join(cacheDirectory(), "kernel");
  const script = `
    set -e
    [ ! -e "$1" ] || exit 0
    rm -rf "$1.new"; mkdir "$1.new"; cd "$1.new"
    package() { apt-cache depends ${KERNEL} | sed -n 's/.*Depends: \\(linux-image-\\)/\\1/p' | head -n 1; }
    [ -n "$(package)" ] || apt-get update --quiet=2
    apt-get download --quiet=2 "$(package)"
    dpkg-deb --extract ./*.deb .
    rm ./*.deb
    mv "$1.new" "$1"`;
  const words = [`${directory}.lock`, "sh", "-c", script, "sh", directory];
  const { status, stdout, stderr } = spawnSync("flock", words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the kernel cannot be downloaded:\n${stdout}${stderr}`);
  return directory;
}

/** Puts QEMU with its libraries, the kernel and an initramfs into the container. */
export function installGuest(container: Container): void {
  const script = `
    set -e
    mkdir -p "$2"/{lib,share,initramfs/{bin,dev,modules,proc}}
    qemu=$(readlink -f "$(command -v qemu-system-x86_64)")
    cp -L "$qemu" "$2/qemu"
    ldd "$qemu" | grep -oE '/[^ )]+' | xargs -I '{}' cp -L '{}' "$2/lib/"
    # Debian has the accelerators as modules.
    find /usr/lib -path '*/qemu/accel-*-x86_64.so' -exec cp -t "$2/lib" '{}' +
    for directory in /usr/share/qemu /usr/share/seabios; do
      find "$directory" -maxdepth 1 -name '*.bin' -o -maxdepth 1 -name '*.rom' | xargs -I '{}' cp -L '{}' "$2/share/"
    done
    cp "$1"/boot/vmlinuz-* "$2/vmlinuz"
    cp -L "$(command -v busybox)" "$2/initramfs/bin/busybox"
    for module in ${MODULES.join(" ")}; do
      file=$(find "$1/lib/modules" "$1/usr/lib/modules" -name "$module.ko*" 2> /dev/null | head -n 1)
      case $file in
        *.xz) xz --decompress --stdout "$file" > "$2/initramfs/modules/$module.ko" ;;
        *) cp "$file" "$2/initramfs/modules/" ;;
      esac
    done
    printf %s "$3" > "$2/initramfs/init"
    chmod +x "$2/initramfs/init"
    cd "$2/initramfs" && find . | busybox cpio -o -H newc > ../initramfs.cpio 2> /dev/null`;
  const words = ["-c", script, "bash", kernel(), container.files + PLACE, INIT];
  const { status, stdout, stderr } = spawnSync("bash", words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  if (accelerator() === "kvm")
    container.must(
      "[ -e /dev/kvm ] || mknod /dev/kvm c 10 232; chown root:kvm /dev/kvm; chmod 660 /dev/kvm",
    );
  // As udev does it on a machine (its 50-udev-default.rules).
  container.must(
    "mkdir -p /dev/net; [ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200; chmod 666 /dev/net/tun",
  );
}

/** The script that runs a VM, as microvm.nix's runner for QEMU does, in the state directory. */
export function runScript(name: string): string {
  const kvm = accelerator() === "kvm";
  // Emulated, the clock cannot be calibrated against anything that -M microvm has.
  const clock = kvm ? "" : " tsc_early_khz=1000000 lpj=1000000";
  return `#!/bin/bash
export QEMU_MODULE_DIR=${PLACE}/lib
exec ${PLACE}/lib/ld-linux-x86-64.so.2 --library-path ${PLACE}/lib ${PLACE}/qemu -L ${PLACE}/share \\
  -name ${name} -M microvm,accel=${kvm ? "kvm" : "tcg"},acpi=on -cpu ${kvm ? "host" : "max"} -m 96 -smp 1 \\
  -nodefaults -no-user-config -no-reboot -display none -serial file:console.log -device i8042 \\
  -kernel ${PLACE}/vmlinuz -initrd ${PLACE}/initramfs.cpio -append 'console=ttyS0 quiet reboot=t panic=-1${clock}' \\
  -drive id=disk,format=raw,file=disk.img,if=none -device virtio-blk-device,drive=disk \\
  -netdev tap,id=net,ifname=vm-${name},script=no,downscript=no -device virtio-net-device,netdev=net \\
  -qmp unix:${name}.sock,server,nowait
`;
}

/** The script that asks a VM to shut down, and waits until it has. */
export function shutdownScript(name: string): string {
  const keys = ["ctrl", "alt", "delete"].map((data) => ({
    type: "key",
    data: { down: true, key: { type: "qcode", data } },
  }));
  const request = JSON.stringify({ execute: "input-send-event", arguments: { events: keys } });
  return `#!/usr/bin/perl
use IO::Socket::UNIX;
my $qmp = IO::Socket::UNIX->new("${name}.sock") or exit 0;
$qmp->autoflush(1);
print $qmp qq({"execute":"qmp_capabilities"}\\n), q(${request}), "\\n";
1 while <$qmp>;
`;
}
