#!/usr/bin/env bash
# Installs what the tests need beside Node, on Debian and as root; elsewhere it says what is missing.
set -euo pipefail

# Debian package by the command it brings.
declare -A packages=(
  [busybox]=busybox-static
  [debootstrap]=debootstrap
  [inotifywait]=inotify-tools
  [jq]=jq
  [nix]=nix-bin
  [nsenter]=util-linux
  [qemu-system-x86_64]=qemu-system-x86
  [shellcheck]=shellcheck
  [strace]=strace
  [systemd-nspawn]=systemd-container
  [unshare]=util-linux
  [xz]=xz-utils
  [chromium]=chromium
  [fish]=fish
  [man]=man-db
  [zsh]=zsh
)

missing=()
for command in "${!packages[@]}"; do
  command -v "$command" > /dev/null || missing+=("${packages[$command]}")
done

if ((${#missing[@]} > 0)); then
  if ((EUID == 0)) && command -v apt-get > /dev/null; then
    printf 'installing %s\n' "${missing[*]}"
    apt-get update --quiet=2
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}" > /dev/null
  else
    printf 'missing, so some tests will be skipped: %s\n' "${missing[*]}"
  fi
fi

# Crate and version by the command it brings: no Debian package has these.
declare -A crates=(
  [deadnix]='deadnix --version 1.3.1'
  [nixfmt]='nixfmt_rs --version 0.5.3'
)

for command in "${!crates[@]}"; do
  if command -v "$command" > /dev/null || [[ -x ${CARGO_HOME:-$HOME/.cargo}/bin/$command ]]; then continue; fi
  if command -v cargo > /dev/null; then
    printf 'installing %s\n' "$command"
    # shellcheck disable=SC2086
    cargo install --quiet --locked ${crates[$command]}
  else
    printf 'missing, so some tests will be skipped: %s (install cargo, then run this again)\n' "$command"
  fi
done

# A Go module that looks at .github/workflows.
if ! command -v actionlint > /dev/null && [[ ! -x ${GOPATH:-$HOME/go}/bin/actionlint ]]; then
  if command -v go > /dev/null; then
    printf 'installing actionlint\n'
    go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
  else
    printf 'missing, so a test will be skipped: actionlint (install go, then run this again)\n'
  fi
fi
