# The module of a guest. What a guest is built of throws where it is looked at.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.microvm = {
    guest.enable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether this configuration is a MicroVM.";
    };
    hypervisor = mkOption {
      type = types.enum [
        "qemu"
        "cloud-hypervisor"
        "firecracker"
        "crosvm"
        "kvmtool"
        "stratovirt"
      ];
      default = "qemu";
      description = "The program that runs the MicroVM.";
    };
    vcpu = mkOption {
      type = types.ints.positive;
      default = 1;
      description = "Number of processors.";
    };
    mem = mkOption {
      type = types.ints.positive;
      default = 512;
      description = "Memory in megabytes.";
    };
    runner = mkOption {
      type = types.raw;
      readOnly = true;
      default = throw "the runner of the guest ${config.networking.hostName} was forced";
      description = "The program that starts the MicroVM.";
    };
  };
}
