{
  lib,
  stdenvNoCC,
  callPackage,
  esbuild,
  nodejs-slim,
}:

let
  nodeModules = callPackage ./node-modules.nix { };
in
stdenvNoCC.mkDerivation {
  pname = "microvm-sweep";
  inherit (lib.importJSON ../../package.json) version;
  src = lib.fileset.toSource {
    root = ../..;
    fileset = lib.fileset.unions [
      ../../package.json
      ../../src
      ../../templates
    ];
  };
  nativeBuildInputs = [
    esbuild
    nodejs-slim
  ];
  # Copied: esbuild writes the names of what it bundles, and a name in the store would be a dependency.
  buildPhase = ''
    runHook preBuild
    cp -R ${nodeModules}/node_modules .
    node src/build/build.js
    runHook postBuild
  '';
  installPhase = ''
    runHook preInstall
    substituteInPlace dist/microvm-sweep.js --replace-fail "/usr/bin/env node" ${lib.getExe nodejs-slim}
    mkdir -p "$out/bin"
    cp dist/microvm-sweep.js "$out/bin/microvm-sweep"
    runHook postInstall
  '';

  meta = {
    description = "Compiles what a flake declares of microvm.nix into a module that sweeps up after removed MicroVMs";
    license = lib.licenses.mit;
    mainProgram = "microvm-sweep";
    platforms = lib.platforms.unix;
  };
}
