#include "chaos_host.h"

#include "core/vm_private.h"

Chaos chaos;

/* What hosts do return, what they should not, and what is the SDK's own. */
static const uint32_t bad_statuses[] = {1,  2,  3,  4,   5,   6,   7,   8,   9,         10,
                                        11, 12, 13, 255, 256, 257, 258, 260, UINT32_MAX};

/* So many ids are known to both contexts and calls, that they meet often. */
#define NUM_USUAL_IDS 9

void
chaos_begin(FuzzInput input)
{
  chaos = (Chaos){.input = input, .expected = CHAOS_NOBODY};
}

uint32_t
chaos_status(void)
{
  uint8_t draw = fuzz_u8(&chaos.input);

  if (draw < 160)
    return PWASM_STATUS_OK;
  return bad_statuses[draw % (sizeof bad_statuses / sizeof bad_statuses[0])];
}

uint32_t
chaos_id(void)
{
  uint8_t draw = fuzz_u8(&chaos.input);

  return draw < 28 * NUM_USUAL_IDS ? draw % NUM_USUAL_IDS : fuzz_u32(&chaos.input);
}

bool
chaos_is_effective(uint32_t id)
{
  return id == 0 || chaos.effective == id;
}

void
chaos_call_back(void)
{
  if (chaos.is_ending || ++chaos.num_hostcalls > CHAOS_MAX_HOSTCALLS)
    return;
  if (chaos.depth < CHAOS_MAX_DEPTH && fuzz_one_in(&chaos.input, 8))
    chaos_callback();
}

void
chaos_hostcall(void)
{
  if (!chaos.is_effective_unknown)
    FUZZ_CHECK(chaos_is_effective(pwasm__vm()->effective_id));
  chaos_call_back();
}

void
chaos_effective_hostcall(void)
{
  if (chaos.expected != CHAOS_NOBODY && !chaos.is_effective_unknown)
    FUZZ_CHECK(chaos_is_effective((uint32_t)chaos.expected));
  chaos_hostcall();
}

uint32_t
chaos_return_u32(uint32_t *ret_number)
{
  uint32_t status = chaos_status();

  if (status == PWASM_STATUS_OK || fuzz_one_in(&chaos.input, 4))
    *ret_number = chaos_id();
  return status;
}

uint32_t
chaos_return_u64(uint64_t *ret_number)
{
  uint32_t status = chaos_status();

  if (status == PWASM_STATUS_OK || fuzz_one_in(&chaos.input, 4))
    *ret_number = fuzz_u64(&chaos.input);
  return status;
}

static void
return_copy(PwasmStr bytes, uint32_t size, char **ret_bytes, uint32_t *ret_size)
{
  char *copy = proxy_on_memory_allocate(size);

  *ret_bytes = copy;
  *ret_size = size;
  if (copy == NULL)
    return;
  memset(copy, 'x', size);
  if (bytes.len > 0)
    memcpy(copy, bytes.data, bytes.len);
}

/* Two pairs as a host writes them. */
static void
return_pairs(char **ret_bytes, uint32_t *ret_size)
{
  char pairs[4 + 4 * 4 + 7 + 1 + 3 + 1 + 16 + 1 + 16 + 1];
  PwasmStr name = fuzz_take(&chaos.input, fuzz_below(&chaos.input, 17));
  PwasmStr value = fuzz_take(&chaos.input, fuzz_below(&chaos.input, 17));
  uint32_t numbers[] = {2, 7, 3, (uint32_t)name.len, (uint32_t)value.len};
  size_t len = sizeof numbers;

  memset(pairs, 0, sizeof pairs);
  memcpy(pairs, numbers, sizeof numbers);
  memcpy(pairs + len, ":status\000200", 12);
  len += 12;
  memcpy(pairs + len, name.data, name.len);
  len += name.len + 1;
  memcpy(pairs + len, value.data, value.len);
  len += value.len + 1;
  return_copy(pwasm_str(pairs, len), (uint32_t)len, ret_bytes, ret_size);
}

uint32_t
chaos_return_bytes(char **ret_bytes, uint32_t *ret_size)
{
  uint32_t status = chaos_status();
  PwasmStr bytes;

  if (status != PWASM_STATUS_OK && !fuzz_one_in(&chaos.input, 4))
    return status;
  switch (fuzz_below(&chaos.input, 12)) {
  case 0:
    break;
  case 1: /* a size, and no bytes */
    *ret_bytes = NULL;
    *ret_size = fuzz_u32(&chaos.input);
    break;
  case 2:
    return_pairs(ret_bytes, ret_size);
    break;
  case 3:
    return_copy(PWASM_STR("200"), 3, ret_bytes, ret_size);
    break;
  case 4:
    return_copy(PWASM_STR(""), 256 * fuzz_u8(&chaos.input), ret_bytes, ret_size);
    break;
  case 5: /* more than there can be */
    *ret_bytes = proxy_on_memory_allocate(UINT32_MAX - fuzz_u8(&chaos.input));
    *ret_size = fuzz_u32(&chaos.input);
    FUZZ_CHECK(*ret_bytes == NULL);
    break;
  case 6:
    pwasm_vm_fail_allocations_after(fuzz_below(&chaos.input, 8));
    return_copy(PWASM_STR(""), 1, ret_bytes, ret_size);
    break;
  default:
    bytes = fuzz_str(&chaos.input);
    return_copy(bytes, (uint32_t)bytes.len, ret_bytes, ret_size);
    break;
  }
  return status;
}

void
chaos_read(const char *bytes, uint32_t size)
{
  static volatile char sink;

  FUZZ_CHECK(bytes != NULL || size == 0);
  for (uint32_t i = 0; i < size; i++)
    sink = bytes[i];
  (void)sink;
}
