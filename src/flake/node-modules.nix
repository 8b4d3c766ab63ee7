# The packages of package-lock.json as a fixed-output derivation: npm checks each against the lock file's
# integrity hash, Nix checks the whole against node-modules.json, which `npm run update-hash` writes.
{
  lib,
  stdenvNoCC,
  cacert,
  nodejs,
  # With what the tests need, some of which is made for one platform; without, the same for all.
  development ? false,
}:

let
  hashes = lib.importJSON ./node-modules.json;
in
stdenvNoCC.mkDerivation {
  name = "microvm-sweep-node-modules";
  src = lib.fileset.toSource {
    root = ../..;
    fileset = lib.fileset.unions [
      ../../package.json
      ../../package-lock.json
    ];
  };
  nativeBuildInputs = [
    cacert
    nodejs
  ];
  dontConfigure = true;
  dontBuild = true;
  installPhase = ''
    export HOME=$TMPDIR
    bash ${./install-node-modules.sh} "$out" ${lib.optionalString (!development) "--omit=dev"}
  '';
  # A path of the store must not get into what has a fixed hash.
  dontFixup = true;

  impureEnvVars = lib.fetchers.proxyImpureEnvVars;
  outputHashMode = "recursive";
  outputHash =
    if development then hashes.development.${stdenvNoCC.buildPlatform.system} else hashes.production;
}
