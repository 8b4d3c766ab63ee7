# Builder of the stand-in's mkDerivation: the phases that a simple package has.
set -eu -o pipefail
PATH=/usr/local/bin:/usr/bin:/bin
for input in ${nativeBuildInputs-} ${buildInputs-}; do
  PATH=$input/bin:$PATH
done
export PATH

runHook() {
  if declare -F "$1" > /dev/null; then
    "$1"
  else
    eval "${!1-}"
  fi
}

patchShebangs() { :; }

substituteInPlace() {
  local file=$1 text
  shift
  text=$(< "$file")
  while (($# > 0)); do
    text=${text//"$2"/"$3"}
    shift 3
  done
  printf '%s\n' "$text" > "$file"
}

unpackPhase() {
  [[ -n ${src-} ]] || { echo "neither src nor dontUnpack" >&2; return 1; }
  cp -R -- "$src" source
  chmod -R u+w source
  cd "source/${sourceRoot-}"
}
buildPhase() { :; }
checkPhase() { :; }
installPhase() { :; }

phase() {
  if [[ -n ${!1-} ]]; then eval "${!1}"; else "$1"; fi
}

if [[ -n ${buildCommandPath-} ]]; then
  source "$buildCommandPath"
elif [[ -n ${buildCommand-} ]]; then
  eval "$buildCommand"
else
  [[ -n ${dontUnpack-} ]] || phase unpackPhase
  runHook prePatch
  runHook postPatch
  runHook preConfigure
  [[ -z ${configurePhase-} ]] || eval "$configurePhase"
  [[ -n ${dontBuild-} ]] || phase buildPhase
  [[ -z ${doCheck-} ]] || phase checkPhase
  phase installPhase
  runHook preFixup
  runHook postFixup
fi
[[ -e $out ]] || { echo "the build made no output" >&2; exit 1; }
