{
  lib,
  stdenvNoCC,
  callPackage,
  esbuild,
  nodejs-slim,
  runCommandLocal,
  versionCheckHook,
}:

let
  nodeModules = callPackage ./node-modules.nix { };
in
stdenvNoCC.mkDerivation (finalAttrs: {
  pname = "microvm-sweep";
  # nixpkgs takes a version and hashes as text here. In this repository package.json and node-modules.json have
  # them, and `npm run update-hash` writes the hashes.
  inherit (lib.importJSON ../../package.json) version;
  src = lib.fileset.toSource {
    root = ../..;
    fileset = lib.fileset.unions [
      ../../package.json
      ../../share
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
    mkdir -p "$out/bin" "$out/lib/microvm-sweep"
    # package.json says to Node that the files are ES modules.
    cp -R dist/microvm-sweep.js dist/chunks package.json "$out/lib/microvm-sweep"
    ln -s ../lib/microvm-sweep/microvm-sweep.js "$out/bin/microvm-sweep"
    # Manual pages and completion, of this program and of the command that it puts on a host.
    cp -R share/microvm-sweep "$out/share"
    cp -R share/sweep-microvms/. "$out/share"
    runHook postInstall
  '';
  nativeInstallCheckInputs = [ versionCheckHook ];
  doInstallCheck = true;

  passthru.tests.page = runCommandLocal "microvm-sweep-page" { } ''
    ${lib.getExe finalAttrs.finalPackage} gen --usage ${../../examples/usage.json} --host one-host --out page.nix
    diff --recursive microvm-sweep ${../../templates/microvm-sweep}
    mkdir "$out"
    mv page.nix microvm-sweep "$out"
  '';

  meta = {
    description = "Compiles what a flake declares of microvm.nix into a module that sweeps up after removed MicroVMs";
    homepage = "https://github.com/microvm-sweep/microvm-sweep";
    changelog = "https://github.com/microvm-sweep/microvm-sweep/blob/main/CHANGELOG.md";
    license = lib.licenses.mit;
    mainProgram = "microvm-sweep";
    platforms = lib.platforms.unix;
  };
})
