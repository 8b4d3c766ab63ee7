# A stand-in for microvm.nix, for the tests of microvm-sweep alone: see README.md. It is not microvm.nix.
{
  description = "Stand-in for microvm.nix in the tests of microvm-sweep";

  outputs = _: {
    nixosModules = {
      host = ./host.nix;
      microvm = ./microvm.nix;
    };
  };
}
