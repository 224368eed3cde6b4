// expect: error: (incompatible type for argument|passing 'PwasmCounter')
#include <pwasm/pwasm.h>

PwasmStatus reset(PwasmCounter counter, PwasmGauge gauge);

PwasmStatus
reset(PwasmCounter counter, PwasmGauge gauge)
{
  (void)counter;
  (void)gauge;
#ifdef CORRECT
  return pwasm_gauge_set(gauge, 0);
#else
  return pwasm_gauge_set(counter, 0);
#endif
}
