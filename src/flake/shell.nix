# What work on microvm-sweep needs; `npm ci` brings the rest.
{
  mkShellNoCC,
  nixfmt,
  nodejs,
  shellcheck,
}:
mkShellNoCC {
  packages = [
    nixfmt
    nodejs
    shellcheck
  ];
}
