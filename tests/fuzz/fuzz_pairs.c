/* The wire format of header maps: what is parsed lies inside the bytes, and is the same after it was
 * written and parsed again. */

#include "fuzz.h"

#include <pwasm/header_map.h>
#include <pwasm/native.h>

#include "hostcall/pairs_private.h"

#define MAX_PAIRS 64

static bool
lies_in(PwasmStr part, PwasmStr whole)
{
  return part.data >= whole.data && part.data + part.len < whole.data + whole.len;
}

static void
check_same(PwasmPairs a, PwasmPairs b)
{
  PwasmPair pair_a;
  PwasmPair pair_b;

  FUZZ_CHECK(pwasm_pairs_count(&a) == pwasm_pairs_count(&b));
  while (pwasm_pairs_next(&a, &pair_a)) {
    FUZZ_CHECK(pwasm_pairs_next(&b, &pair_b));
    FUZZ_CHECK(pwasm_str_equal(pair_a.name, pair_b.name));
    FUZZ_CHECK(pwasm_str_equal(pair_a.value, pair_b.value));
  }
  FUZZ_CHECK(!pwasm_pairs_next(&b, &pair_b));
}

/* By hand, with other arithmetic: the sizes as one sum of 64 bits. */
static bool
is_well_formed(PwasmStr bytes)
{
  uint64_t total = 4;
  uint32_t count;

  if (bytes.len < 4)
    return true;
  memcpy(&count, bytes.data, 4);
  if (count > (bytes.len - 4) / 8)
    return false;
  for (uint64_t i = 0; i < (uint64_t)count * 2; i++) {
    uint32_t size;

    memcpy(&size, bytes.data + 4 + i * 4, 4);
    total += 4 + (uint64_t)size + 1;
  }
  return total <= bytes.len;
}

static void
check_parse(PwasmStr bytes)
{
  PwasmPairs pairs = {.num_left = 77};
  PwasmPairs rest;
  PwasmPairs again;
  PwasmPair array[MAX_PAIRS];
  PwasmStr written;
  PwasmStr value;
  size_t count = 0;
  PwasmStatus status = pwasm_pairs_parse(bytes, &pairs);

  FUZZ_CHECK((status == PWASM_STATUS_OK) == is_well_formed(bytes));
  if (status != PWASM_STATUS_OK) {
    FUZZ_CHECK(status == PWASM_STATUS_MALFORMED && pairs.num_left == 77);
    return;
  }
  rest = pairs;
  while (count < MAX_PAIRS && pwasm_pairs_next(&rest, &array[count])) {
    FUZZ_CHECK(lies_in(array[count].name, bytes) && lies_in(array[count].value, bytes));
    again = pairs;
    FUZZ_CHECK(pwasm_pairs_next_named(&again, array[count].name, &value));
    count++;
  }
  if (count < MAX_PAIRS)
    FUZZ_CHECK(pwasm_pairs_count(&pairs) == count);
  pairs.num_left = count;
  status = pwasm__pairs_serialize(pwasm_scratch(), array, count, &written);
  FUZZ_CHECK(status == PWASM_STATUS_OK);
  FUZZ_CHECK(pwasm_pairs_parse(written, &again) == PWASM_STATUS_OK);
  check_same(pairs, again);
  if (count > 0) /* not one byte may be missing */
    FUZZ_CHECK(pwasm__pairs_parse(written.data, written.len - 1, &again) == PWASM_STATUS_MALFORMED);
}

/* Pairs of any bytes, near the limits too. */
static void
check_serialize(FuzzInput input)
{
  static const char large[PWASM_PAIRS_MAX_SIZE + 1];
  PwasmPair pairs[8];
  size_t count = fuzz_below(&input, 8);
  size_t size = 4;
  PwasmStr written;
  PwasmPairs parsed;
  PwasmPair pair;
  PwasmStatus status;

  for (size_t i = 0; i < count; i++) {
    pairs[i] = (PwasmPair){fuzz_str(&input), fuzz_str(&input)};
    if (fuzz_one_in(&input, 16))
      pairs[i].value = pwasm_str(large, sizeof large - fuzz_u8(&input));
    size += 10 + pairs[i].name.len + pairs[i].value.len;
  }
  status = pwasm__pairs_serialize(pwasm_scratch(), pairs, count, &written);
  if (count > 0 && size > PWASM_PAIRS_MAX_SIZE) {
    FUZZ_CHECK(status == PWASM_STATUS_TOO_LARGE);
    return;
  }
  FUZZ_CHECK(status == PWASM_STATUS_OK && written.len == (count == 0 ? 0 : size));
  FUZZ_CHECK(pwasm_pairs_parse(written, &parsed) == PWASM_STATUS_OK);
  for (size_t i = 0; i < count; i++) {
    FUZZ_CHECK(pwasm_pairs_next(&parsed, &pair));
    FUZZ_CHECK(pwasm_str_equal(pair.name, pairs[i].name));
    FUZZ_CHECK(pwasm_str_equal(pair.value, pairs[i].value));
  }
  FUZZ_CHECK(!pwasm_pairs_next(&parsed, &pair));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  if (data[0] % 2 == 0)
    check_parse(pwasm_str((const char *)data + 1, size - 1));
  else
    check_serialize((FuzzInput){data + 1, size - 1});
  pwasm_vm_free(NULL);
  return 0;
}
