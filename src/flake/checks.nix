# The checks of this flake for one system: what `nix flake check` builds.
self: pkgs:

let
  inherit (pkgs) lib;
  inherit (pkgs.stdenv) hostPlatform;
  inherit (self.inputs) nixpkgs;
  package = self.packages.${hostPlatform.system}.default;
  nodeModules = pkgs.callPackage ./node-modules.nix { development = true; };

  source = lib.fileset.toSource {
    root = ../..;
    fileset = lib.fileset.unions [
      ../../package.json
      ../../tsconfig.json
      ../../flake.nix
      ../../src
      ../../share
      ../../templates
      ../../test
      ../../examples
    ];
  };
  run =
    name: inputs: script:
    pkgs.runCommandLocal "microvm-sweep-${name}" { nativeBuildInputs = inputs; } ''
      cp -R ${source} source
      chmod -R u+w source
      cd source
      ${script}
      touch "$out"
    '';

  # The hosts of the examples that have a page.
  exampleHosts = map (lib.removeSuffix ".nix") (
    lib.filter (lib.hasSuffix ".nix") (lib.attrNames (builtins.readDir ../../examples/sweep))
  );

  # A host that imports the live module.
  liveHost = nixpkgs.lib.nixosSystem {
    modules = [
      self.nixosModules.default
      {
        nixpkgs.hostPlatform = hostPlatform.system;
        services.microvm-sweep.limit = 3;
      }
    ];
  };
  describe = name: option: "${name} (${option.type.description}): ${option.description}\n";
in
{
  inherit package;
  inherit (package.tests) page;

  unit-tests = run "unit-tests" [ pkgs.esbuild pkgs.nodejs-slim ] ''
    export HOME=$TMPDIR
    cp -R ${nodeModules}/node_modules .
    chmod -R u+w node_modules
    node src/build/build.js
    node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts --reporter dot \
      test/json test/microvm test/policy
  '';

  formatting = run "formatting" [ pkgs.nixfmt ] ''
    find . -name '*.nix' -exec nixfmt --check {} +
  '';

  lint = run "lint" [ pkgs.deadnix ] ''
    deadnix --fail
  '';

  shellcheck = run "shellcheck" [ pkgs.shellcheck ] ''
    shellcheck --external-sources templates/microvm-sweep/*.bash src/flake/*.sh test/setup/*.sh share/*/bash-completion/*/*
  '';

  examples = run "examples" [ package ] (
    lib.concatMapStrings (host: ''
      microvm-sweep check examples/sweep/${host}.nix --usage examples/usage.json --host ${host}
    '') exampleHosts
  );
}
// lib.optionalAttrs hostPlatform.isLinux {
  module-options = pkgs.writeText "microvm-sweep-options" (
    lib.concatStrings (
      lib.mapAttrsToList describe (
        lib.filterAttrs (_: option: option.visible or true) liveHost.options.services.microvm-sweep
      )
    )
  );
  module-program = liveHost.config.services.microvm-sweep.program;
}
