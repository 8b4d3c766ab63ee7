# A package of programs of this machine: links in `bin`. A program that is not on the path of builders
# is put by the test into `tools/` of a copy of this flake.
pkgs: name: programs:
let
  provided = if builtins.pathExists ../tools then builtins.readDir ../tools else { };
  link =
    program:
    if provided ? ${program} then
      ''ln -s "${../tools}/${program}" "$out/bin/${program}"''
    else
      ''
        path=$(type -P ${program}) || { echo "this machine has no ${program}" >&2; exit 1; }
        ln -s "$path" "$out/bin/${program}"
      '';
in
(pkgs.runCommandLocal name { } ''
  mkdir -p "$out/bin"
  ${pkgs.lib.concatMapStringsSep "\n" link programs}
'')
// {
  pname = name;
  version = "0";
  meta.mainProgram = builtins.head programs;
}
