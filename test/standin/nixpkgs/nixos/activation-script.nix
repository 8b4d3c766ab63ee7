# A test of a NixOS without activation scripts names this file in `disabledModules`:
# "activation-script.nix".
{ config, lib, ... }:
let
  inherit (lib) mkOption types;

  script = types.submodule {
    options = {
      deps = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Scripts that run before this one.";
      };
      text = mkOption {
        type = types.lines;
        description = "The script.";
      };
      supportsDryActivation = mkOption {
        type = types.bool;
        default = false;
        description = "Whether it runs in a dry activation too.";
      };
    };
  };
  full =
    value:
    if builtins.isString value then
      {
        deps = [ ];
        text = value;
        supportsDryActivation = false;
      }
    else
      value;

  # The scripts in the order in which they run: each after those it names.
  assemble =
    scripts:
    let
      add =
        done: name:
        if builtins.elem name done then done else builtins.foldl' add done scripts.${name}.deps ++ [ name ];
      part = name: ''
        #### Activation script snippet ${name}:
        _localstatus=0
        ${scripts.${name}.text}
        if (( _localstatus > 0 )); then
          printf "Activation script snippet '%s' failed (%s)\n" ${lib.escapeShellArg name} "$_localstatus"
        fi
      '';
      order = builtins.foldl' add [ ] (builtins.attrNames scripts);
    in
    ''
      #!${config.system.build.shell}
      systemConfig=@out@
      export PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
      _status=0
      trap "_status=1 _localstatus=\$?" ERR
      umask 0022
    ''
    + lib.concatMapStrings part order
    + "exit $_status\n";
  # A script that does not support it is left out of a dry activation.
  dry =
    scripts:
    builtins.mapAttrs (
      _: script: if script.supportsDryActivation then script else script // { text = "#"; }
    ) scripts;
in
{
  options.system = {
    activationScripts = mkOption {
      type = types.attrsOf (types.either types.str script);
      default = { };
      apply = set: set // { script = assemble (builtins.mapAttrs (_: full) set); };
      description = "Scripts that run at each switch and at boot.";
    };
    dryActivationScript = mkOption {
      type = types.str;
      readOnly = true;
      default = assemble (
        dry (builtins.mapAttrs (_: full) (removeAttrs config.system.activationScripts [ "script" ]))
      );
      description = "What a dry activation runs.";
    };
    activatable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether the system has a script to activate it.";
    };
  };

  config.assertions = lib.optional config.services.userborn.enable {
    assertion = config.system.activationScripts.users == "";
    message = "system.activationScripts.users has to be empty to use userborn";
  };

  config.system.activationScripts = {
    specialfs = "";
    # NixOS leaves it empty where something else manages users, and asserts that it is.
    users =
      if config.systemd.sysusers.enable || config.services.userborn.enable then
        ""
      else
        {
          supportsDryActivation = true;
          text = "# updates users and groups";
        };
    etc = {
      deps = [ "users" ];
      text = "# sets up /etc";
    };
  };
}
