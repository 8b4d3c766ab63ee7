# Imperative MicroVMs beside a declared one. `microvm -c build` and `microvm -c scratch` made two on the host.
{
  networking.hostName = "imperative";

  microvm = {
    vms.fw.config = import ./guest.nix "fw";

    # It starts at boot, and the sweep counts it as declared. Nothing here names `scratch`, which the sweep finds
    # in the state directory and leaves alone.
    autostart = [ "build" ];
  };
}
