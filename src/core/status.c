#include <pwasm/status.h>

#define NAME_CASE(name, value, text)                                                               \
  case PWASM_STATUS_##name:                                                                        \
    return #name;
#define TEXT_CASE(name, value, text)                                                               \
  case PWASM_STATUS_##name:                                                                        \
    return text;

const char *
pwasm_status_name(PwasmStatus status)
{
  switch (status) {
    PWASM_STATUS_LIST(NAME_CASE)
  default:
    return "UNKNOWN";
  }
}

const char *
pwasm_status_text(PwasmStatus status)
{
  switch (status) {
    PWASM_STATUS_LIST(TEXT_CASE)
  default:
    return "unknown status";
  }
}
