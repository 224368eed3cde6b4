// expect: error: (incompatible type for argument|passing 'PwasmHistogram')
#include <pwasm/pwasm.h>

PwasmStatus observe(PwasmCounter counter, PwasmHistogram histogram);

PwasmStatus
observe(PwasmCounter counter, PwasmHistogram histogram)
{
  (void)counter;
  (void)histogram;
#ifdef CORRECT
  return pwasm_counter_increment(counter, 1);
#else
  return pwasm_counter_increment(histogram, 1);
#endif
}
