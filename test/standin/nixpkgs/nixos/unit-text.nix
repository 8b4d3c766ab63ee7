# The text of a service's or a target's unit file, without the parts that no test looks at.
{ lib, pkgs }:
name: unit:
let
  value = item: if builtins.isBool item then lib.boolToString item else toString item;
  setting = key: item: map (one: "${key}=${value one}") (lib.toList item);
  settings = set: lib.concatLists (lib.mapAttrsToList setting set);
  list = key: units: lib.optional (units != [ ]) "${key}=${toString units}";
  section = title: lines: lib.optionals (lines != [ ]) ([ "[${title}]" ] ++ lines ++ [ "" ]);

  # A name in the store has no @.
  program = "unit-script-${builtins.replaceStrings [ "@" ] [ "_" ] name}-start";
  start = lib.getExe (pkgs.writeScriptBin program "#!${pkgs.runtimeShell}\nset -e\n${unit.script}");
in
lib.concatLines (
  section "Unit" (
    [ "Description=${unit.description}" ]
    ++ list "After" unit.after
    ++ list "Before" unit.before
    ++ list "PartOf" unit.partOf
    ++ list "Requires" unit.requires
    ++ list "Wants" unit.wants
    ++ settings unit.unitConfig
  )
  ++ section "Service" (
    settings (unit.serviceConfig or { }) ++ lib.optional (unit.script or "" != "") "ExecStart=${start}"
  )
)
