#!/usr/bin/env bash
# Installs the packages that package-lock.json of the current directory names into $1/node_modules.
# Further arguments are npm's. The result is the same whatever npm makes it and on every platform, so
# that its hash can be fixed in node-modules.json.
set -eu -o pipefail
target=$1
shift

npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error "$@"

# npm's own records and links differ from release to release, and a program is run by its path here.
find node_modules \( -name .bin -o -name .package-lock.json \) -prune -exec rm -r {} +
find node_modules -type d -exec chmod 755 {} +
find node_modules -type f -exec chmod 644 {} +

mkdir -p "$target"
mv node_modules "$target/"
