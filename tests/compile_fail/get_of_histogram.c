// expect: error: (incompatible type for argument|passing 'PwasmHistogram')
#include <pwasm/pwasm.h>

PwasmStatus value_of(PwasmGauge gauge, PwasmHistogram histogram, uint64_t *ret_value);

PwasmStatus
value_of(PwasmGauge gauge, PwasmHistogram histogram, uint64_t *ret_value)
{
  (void)gauge;
  (void)histogram;
#ifdef CORRECT
  return pwasm_gauge_get(gauge, ret_value);
#else
  return pwasm_gauge_get(histogram, ret_value);
#endif
}
