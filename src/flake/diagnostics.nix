# What the compiler checks of a host and a policy (src/usage/rules, src/policy/checkPolicy.ts), for the live
# module: assertions and warnings with the same codes and words.
{
  config,
  lib,
  options,
}:

let
  cfg = config.services.microvm-sweep;
  microvm = lib.optionalAttrs (config.microvm.host.enable or false) config.microvm;
  vms = lib.attrNames (microvm.vms or { });
  imperative = lib.subtractLists vms (lib.unique (microvm.autostart or [ ]));
  declared = vms ++ imperative;
  stateDir = toString (config.microvm.stateDir or "/var/lib/microvms");

  inherit (lib) optional;
  quoted = builtins.toJSON;
  matches = pattern: text: builtins.match pattern text != null;
  isAtOrBelow = path: directory: lib.hasPrefix "${directory}/" "${path}/";
  # Each value that has a reason against it.
  rejected =
    reason: message: values:
    map (value: message value (reason value)) (lib.filter (value: reason value != null) values);

  inherit (import ./names.generated.nix) maxBytes;
  nameReason =
    name:
    let
      length = toString (lib.stringLength name);
      wrong = builtins.match "[A-Za-z0-9:_.\\@-]*([ -~]).*" (lib.replaceStrings [ "\n" ] [ " " ] name);
    in
    if name == "" then
      "it is empty"
    else if name == "." || name == ".." then
      "it names another directory"
    else if !matches "[A-Za-z0-9:_.\\@-]+" name then
      if wrong == null then "it is not ASCII" else "it has the character ${quoted (lib.head wrong)}"
    else if lib.stringLength name > maxBytes then
      "it has ${length} bytes, and at most ${toString maxBytes} fit into a unit name"
    else
      null;
  directoryReason =
    path:
    let
      parts = lib.tail (lib.splitString "/" path);
    in
    if isAtOrBelow path "/nix/store" then
      "it is in the Nix store"
    else if !lib.hasPrefix "/" path then
      "it is not absolute"
    else if matches ".*[[:cntrl:]].*" path then
      "it has a control character"
    else if path == "/" then
      "it is the root directory"
    else if lib.elem "" parts then
      "it has an empty part"
    else if lib.elem "." parts then
      "it has the part \".\""
    else if lib.elem ".." parts then
      "it has the part \"..\""
    else
      null;
  stateDirReason =
    path:
    if
      matches "/(bin|boot|dev|etc|home|lib|lib64|mnt|nix|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)" path
      || matches "/(var/lib|var/log|var/cache|nix/var|run/systemd|run/user)" path
      || matches "/(dev|etc|proc|sys)/.*" path
    then
      "it belongs to the system"
    else
      directoryReason path;

  badName =
    option:
    rejected nameReason (
      name: reason: "MS1205: ${option}: no unit can have the instance name ${quoted name}: ${reason}"
    );
  errors =
    badName "microvm.vms" vms
    ++ badName "microvm.autostart" imperative
    ++ badName "keep" cfg.keep
    ++ rejected stateDirReason (
      path: reason: "MS1206: ${quoted path} cannot be the state directory: ${reason}"
    ) [ stateDir ];

  release = config.system.nixos.release;
  reports = cfg.orphans == "report";
  runsActivation = options.system ? activationScripts && config.system.activatable or true;
  isService = cfg.backend == "service" || cfg.backend == "auto" && !runsActivation;
  notes =
    map (name: "MS1305: ${quoted name} is on the keep list, but this host declares it") (
      lib.intersectLists declared cfg.keep
    )
    ++
      optional ((reports || cfg.keep != [ ]) && lib.versionAtLeast release "26.05")
        "MS1309: ${
          if reports then "orphans = \"report\"" else "keep"
        }: NixOS ${release} itself stops a MicroVM that leaves microvm.vms, before the sweep runs"
    ++ optional (
      cfg.limit != null && !(options.system ? preSwitchChecks)
    ) "MS1310: limit: NixOS ${release} has no pre-switch checks, so nothing enforces the limit"
    ++ optional (
      cfg.orphans == "stop-all" && isService
    ) "MS1312: orphans = \"stop-all\": on this host a service runs the sweep, and it stops no MicroVM";
in
{
  assertions = map (text: {
    assertion = false;
    message = "services.microvm-sweep: ${text}";
  }) errors;
  warnings = map (text: "services.microvm-sweep: ${text}") notes;
}
