# Text, versions and paths of programs.
lib: {
  concatMapStringsSep =
    separator: f: list:
    builtins.concatStringsSep separator (map f list);
  concatMapStrings = lib.concatMapStringsSep "";
  concatStrings = builtins.concatStringsSep "";
  concatLines = lib.concatMapStrings (line: line + "\n");
  optionalString = condition: text: if condition then text else "";
  hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;
  hasSuffix =
    suffix: text:
    let
      start = builtins.stringLength text - builtins.stringLength suffix;
    in
    start >= 0 && builtins.substring start (-1) text == suffix;
  hasInfix = part: text: builtins.length (builtins.split (lib.escapeRegex part) text) > 1;
  removePrefix =
    prefix: text:
    if lib.hasPrefix prefix text then
      builtins.substring (builtins.stringLength prefix) (-1) text
    else
      text;
  removeSuffix =
    suffix: text:
    if lib.hasSuffix suffix text then
      builtins.substring 0 (builtins.stringLength text - builtins.stringLength suffix) text
    else
      text;
  splitString =
    separator: text:
    builtins.filter builtins.isString (builtins.split (lib.escapeRegex separator) text);
  escape =
    characters: builtins.replaceStrings characters (map (character: "\\" + character) characters);
  escapeRegex = lib.escape [
    "\\"
    "["
    "{"
    "}"
    "("
    ")"
    "^"
    "$"
    "?"
    "*"
    "+"
    "|"
    "."
  ];
  # A word that the shell would not change is left as it is, as in nixpkgs.
  escapeShellArg =
    value:
    let
      text = toString value;
    in
    if builtins.match "[[:alnum:],._+:@%/-]+" text != null then
      text
    else
      "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] text}'";
  escapeShellArgs = lib.concatMapStringsSep " " lib.escapeShellArg;
  boolToString = value: if value then "true" else "false";
  generators.toJSON = _: builtins.toJSON;

  versionOlder = a: b: builtins.compareVersions b a == 1;
  versionAtLeast = a: b: !lib.versionOlder a b;

  getBin = package: package.bin or package.out or package;
  getExe = package: lib.getExe' package (package.meta.mainProgram or package.pname or package.name);
  getExe' = package: name: "${lib.getBin package}/bin/${name}";
  makeBinPath = lib.concatMapStringsSep ":" (package: "${lib.getBin package}/bin");

}
