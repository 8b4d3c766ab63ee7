# The toplevel: what a switch activates. It has the activation scripts and the units.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  failed = map (item: item.message) (builtins.filter (item: !item.assertion) config.assertions);
  inherit (config.system.build) units;
  warn = builtins.foldl' (value: text: builtins.trace "warning: ${text}" value);

  toplevel =
    pkgs.runCommand "nixos-system-${config.networking.hostName}-${config.system.nixos.release}"
      {
        activate = config.system.activationScripts.script or "";
        dryActivate = config.system.dryActivationScript or "";
        preSwitchChecks = config.system.preSwitchChecksScript or "";
        names = builtins.attrNames units;
        texts = map (name: pkgs.writeText "unit" units.${name}) (builtins.attrNames units);
        wants = config.system.build.unitLinks;
        passAsFile = [
          "activate"
          "dryActivate"
        ];
      }
      ''
        directory=$out/etc/systemd/system
        mkdir -p "$directory"
        read -ra files <<< "$texts"
        index=0
        for name in $names; do
          ln -s "''${files[index]}" "$directory/$name"
          index=$((index + 1))
        done
        for link in $wants; do
          mkdir -p "$directory/''${link%/*}"
          ln -s "../''${link##*/}" "$directory/$link"
        done
        [[ -z $preSwitchChecks ]] || ln -s "$preSwitchChecks" "$out/pre-switch-checks"
        if [[ -s $activatePath ]]; then
          sed "s|@out@|$out|" "$activatePath" > "$out/activate"
          sed "s|@out@|$out|" "$dryActivatePath" > "$out/dry-activate"
          chmod +x "$out/activate" "$out/dry-activate"
        fi
        printf '%s' '${config.system.nixos.release}' > "$out/nixos-version"
      '';
in
{
  options.system.build = lib.mkOption {
    type = lib.types.lazyAttrsOf lib.types.unspecified;
    default = { };
    description = "What is built of the configuration.";
  };

  config.system.build = {
    shell = "/bin/bash";
    toplevel =
      if failed != [ ] then
        throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (text: "- ${text}") failed}"
      else
        warn toplevel config.warnings;
  };
}
