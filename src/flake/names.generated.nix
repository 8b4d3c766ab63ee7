# Generated from src/microvm/names.ts by src/codegen: do not edit, run "npm run codegen".
{
  # The longest name, in bytes, that fits into every unit of a MicroVM.
  maxBytes = 220;
}
