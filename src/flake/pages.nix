# The pages of a user's flake: `lib.apps` has an app `gen` that writes all of them, and `lib.checks` a check for each.
# `flakeModules.default` sets both.
sweep:
{
  # The user's flake, and packages of the system.
  self,
  pkgs,
  # The directory of the pages, as `microvm-sweep gen --all --out-dir` writes it: a path in the flake.
  dir,
  # The policy of all pages, with the keys of a policy file.
  policy ? { },
  # Names of the hosts to check. The default is each host with a page.
  hosts ? null,
  # What a reader of a page types to make the pages again.
  command ? "nix run .#gen",
}:

let
  inherit (pkgs) lib;
  package = sweep.packages.${pkgs.stdenv.hostPlatform.system}.default;

  root = toString self;
  place = toString dir;
  # The same directory where the user works on the flake.
  relative =
    if lib.hasPrefix "${root}/" place then
      lib.removePrefix "${root}/" place
    else
      throw "microvm-sweep: dir is ${place}, which is not a directory in this flake";
  config = lib.optionalString (policy != { }) (
    "--config ${pkgs.writeText "microvm-sweep-policy.json" (builtins.toJSON policy)}"
  );

  # The page of each host: what the index of `gen --all` lists, or else the files with the names of hosts.
  hasFile = name: builtins.pathExists (dir + "/${name}.nix");
  pages =
    if !builtins.pathExists dir then
      throw "microvm-sweep: the directory ${place} does not exist. Generate the pages (${command}), and run git add on it"
    else if builtins.pathExists (dir + "/default.nix") then
      import dir
    else
      lib.genAttrs (lib.filter hasFile (lib.attrNames self.nixosConfigurations)) (
        name: dir + "/${name}.nix"
      );
  pageOf =
    name:
    pages.${name}
      or (throw "microvm-sweep: the host ${name} has no page in ${place}. Generate it (${command}), and run git add on it");
in
{
  apps.gen = {
    type = "app";
    meta.description = "Write the page of each host into ${relative}";
    program = "${pkgs.writeShellScript "microvm-sweep-gen" ''
      # Nix runs this in the directory of the user, which may be below that of the flake.
      while [[ ! -e flake.nix && $PWD != / ]]; do cd ..; done
      if [[ ! -e flake.nix ]]; then
        echo "microvm-sweep: error: run this in the directory of your flake" >&2
        exit 2
      fi
      ${lib.getExe package} gen --all --flake . --out-dir ${lib.escapeShellArg relative} ${config} \
        --command ${lib.escapeShellArg command} "$@"
      status=$?
      # Nix sees only what git tracks.
      if new=$(git ls-files --others --exclude-standard -- ${lib.escapeShellArg relative} 2> /dev/null) && [[ -n $new ]]; then
        echo "new files, which Nix does not see yet: run git add ${lib.escapeShellArg relative}" >&2
      fi
      exit "$status"
    ''}";
  };

  checks = builtins.listToAttrs (
    map (name: {
      name = "microvm-sweep-${name}";
      value = sweep.lib.check {
        inherit pkgs policy command;
        inherit (self) nixosConfigurations;
        host = name;
        file = pageOf name;
      };
    }) (if hosts == null then lib.attrNames pages else hosts)
  );
}
