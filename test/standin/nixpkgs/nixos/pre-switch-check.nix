# Checks before a switch, from NixOS 25.05 on. A test of an older NixOS names this file in `disabledModules`.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  # The generation is $1 and the action $2.
  fragment = name: text: ''
    # pre-switch check ${name}
    if ! (
      ${text}
    ) >&2; then
      echo "Pre-switch check '${name}' failed" >&2
      exit 1
    fi
  '';
in
{
  options.system = {
    preSwitchChecks = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      default = { };
      description = "Shell fragments that run before a switch, and can refuse it.";
    };
    preSwitchChecksScript = lib.mkOption {
      type = lib.types.raw;
      readOnly = true;
      default = lib.getExe (
        pkgs.writeShellApplication {
          name = "pre-switch-checks";
          text = lib.concatStrings (lib.mapAttrsToList fragment config.system.preSwitchChecks);
        }
      );
      description = "The script with all fragments.";
    };
  };
}
