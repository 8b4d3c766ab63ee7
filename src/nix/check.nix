# `lib.check`: a derivation that fails, with a unified diff, where a file that `gen` made is not what it
# would make now.
self:
{
  # Packages of the system that the check runs on.
  pkgs,
  # The configurations that `gen --flake` reads, and the name of the one that imports the file.
  nixosConfigurations,
  host,
  # The generated file.
  file,
  # The policy that it was generated with, with the keys of a policy file.
  policy ? { },
  package ? self.packages.${pkgs.stdenv.hostPlatform.system}.default,
}:

pkgs.runCommandLocal "microvm-sweep-check"
  {
    nativeBuildInputs = [ package ];
    usage = builtins.toJSON {
      schemaVersion = 1;
      hosts.${host} = import ./extract.generated.nix nixosConfigurations.${host};
    };
    policy = builtins.toJSON policy;
    passAsFile = [
      "usage"
      "policy"
    ];
  }
  ''
    cp ${file} ${baseNameOf file}
    microvm-sweep check ${baseNameOf file} --usage "$usagePath" --config "$policyPath"
    touch "$out"
  ''
