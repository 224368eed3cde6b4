// expect: error: ignoring return value of .*pwasm_plugin_configuration_get
#include <pwasm/pwasm.h>

PwasmStr configuration(void);

PwasmStr
configuration(void)
{
  PwasmStr str = PWASM_STR("");

#ifdef CORRECT
  pwasm_ignore(pwasm_plugin_configuration_get(&str));
#else
  pwasm_plugin_configuration_get(&str);
#endif
  return str;
}
