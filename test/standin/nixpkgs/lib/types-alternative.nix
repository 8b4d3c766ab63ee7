# Types that choose between others.
lib:
let
  inherit (lib) showOption types;
  inherit (types) mkType mergeOne;
  values = map (def: def.value);
in
{
  nullOr =
    type:
    mkType {
      name = "null or ${type.description}";
      check = value: value == null || type.check value;
      merge =
        loc: defs:
        let
          nulls = builtins.filter (def: def.value == null) defs;
        in
        if nulls == defs then
          null
        else if nulls == [ ] then
          type.merge loc defs
        else
          throw "The option `${showOption loc}' is defined both null and not null.";
      emptyValue.value = null;
    };
  either =
    a: b:
    mkType {
      name = "${a.description} or ${b.description}";
      check = value: a.check value || b.check value;
      merge =
        loc: defs:
        if builtins.all a.check (values defs) then
          a.merge loc defs
        else if builtins.all b.check (values defs) then
          b.merge loc defs
        else
          mergeOne loc defs;
    };
  addCheck = type: check: type // { check = value: type.check value && check value; };
}
