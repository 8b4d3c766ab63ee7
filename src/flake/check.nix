# `lib.check`: a derivation that fails, with a unified diff, where a page or its program is not what `gen`
# would write now. The command that a page names is printed then,
# and not compared.
self:
{
  # Packages of the system that the check runs on.
  pkgs,
  # The configurations that `gen --flake` reads, and the name of the one that imports the page.
  nixosConfigurations,
  host,
  # The page. The program is the directory microvm-sweep beside it.
  file,
  # The policy that it was generated with, with the keys of a policy file.
  policy ? { },
  # What a reader types to make the page again, where the page does not say it.
  command ? null,
  package ? self.packages.${pkgs.stdenv.hostPlatform.system}.default,
}:

let
  # A path may have a name that the store does not take, a text is in the store already.
  stored =
    path:
    if builtins.isPath path then
      builtins.path {
        name = "microvm-sweep";
        inherit path;
      }
    else
      path;
  program = dirOf file + "/microvm-sweep";
in
pkgs.runCommandLocal "microvm-sweep-check"
  {
    nativeBuildInputs = [ package ];
    usage = builtins.toJSON {
      schemaVersion = 1;
      hosts.${host} = import ../nix/extract.nix nixosConfigurations.${host};
    };
    policy = builtins.toJSON policy;
    passAsFile = [
      "usage"
      "policy"
    ];
    # Names reach the builder as variables: its shell reads none of them.
    hostName = host;
    pageName = baseNameOf file;
    command =
      if command != null then
        command
      else
        "microvm-sweep gen --flake . --host ${pkgs.lib.escapeShellArg host} --out ${pkgs.lib.escapeShellArg (baseNameOf file)}";
    page = stored file;
    # A program that is missing is for `check` to report.
    program = pkgs.lib.optionalString (builtins.pathExists program) (stored program);
  }
  ''
    # Messages name these files.
    ln -s "$usagePath" usage.json
    ln -s "$policyPath" policy.json
    cp -- "$page" "./$pageName"
    if [[ -n $program ]]; then
      cp -R -- "$program" microvm-sweep
    fi
    microvm-sweep check --file="$pageName" --usage usage.json --host="$hostName" --command="$command" ${
      # Without a policy here, the page may have been made with flags or a file of its own.
      if policy == { } then "" else "--config policy.json"
    }
    touch "$out"
  ''
