# The live module: extracts the usage of the configuration that imports it, and compiles it in a
# derivation with the compiler of `self`. Nothing is built to evaluate it.
self:
let
  module =
    {
      config,
      lib,
      options,
      pkgs,
      ...
    }:

    let
      cfg = config.services.microvm-sweep;

      usage = import ./extract.generated.nix { inherit config options pkgs; };
      # Only for messages and the name of the derivation.
      host = if config.networking.hostName == "" then "host" else config.networking.hostName;
      document = {
        schemaVersion = 1;
        hosts.${host} = usage;
      };
      # The file that `gen --config` reads. What runs the script is decided here.
      policy = {
        inherit (cfg)
          orphans
          unitFiles
          state
          gcroots
          keep
          stateDelete
          unitDirs
          ;
      };
      # A guest that runs no MicroVMs has nothing to sweep: a module that all configurations share may
      # import this one.
      isHost = usage.role == "host" || usage.hostModule != "absent";
      active = cfg.enable && isHost;

      # NixOS deprecates activation scripts (nixpkgs issue 475305), and some systems have or run none.
      hasActivation = options.system ? activationScripts;
      runsActivation =
        if cfg.backend == "auto" then
          usage.activationScripts && lib.versionOlder lib.trivial.release "26.11"
        else
          cfg.backend == "activation";

      snippet = ". ${cfg.script}";
    in
    {
      options.services.microvm-sweep = import ./options.nix { inherit lib pkgs self; };

      config = lib.mkMerge [
        {
          services.microvm-sweep.script =
            pkgs.runCommandLocal "microvm-sweep-${host}.bash"
              {
                nativeBuildInputs = [ cfg.package ];
                usage = builtins.toJSON document;
                policy = builtins.toJSON policy;
                passAsFile = [
                  "usage"
                  "policy"
                ];
              }
              ''
                # Messages name the files.
                cp "$usagePath" usage.json
                cp "$policyPath" policy.json
                microvm-sweep gen --usage usage.json --host=${lib.escapeShellArg host} \
                  --config policy.json --format script \
                  --systemctl ${config.systemd.package}/bin/systemctl --out "$out"
              '';
        }
        (lib.mkIf active {
          assertions = [
            {
              assertion = runsActivation -> hasActivation;
              message = "services.microvm-sweep.backend is \"activation\", but this NixOS has no activation scripts: use \"service\".";
            }
          ];
        })
        # `options` decides here and `config` only within mkIf: otherwise evaluation would not end.
        (lib.optionalAttrs hasActivation {
          system.activationScripts.microvm-sweep = lib.mkIf (active && runsActivation) {
            deps = [ "etc" ];
            supportsDryActivation = true;
            text = snippet;
          };
        })
        {
          systemd.services.microvm-sweep = lib.mkIf (active && !runsActivation) {
            description = "Remove what removed MicroVMs left behind";
            wantedBy = [ "multi-user.target" ];
            serviceConfig = {
              Type = "oneshot";
              RemainAfterExit = true;
            };
            script = snippet;
          };
        }
      ];
    };
in
{
  # Imported twice, it is one module.
  key = "microvm-sweep#nixosModules.default";
  _file = ./module.nix;
  imports = [ module ];
}
