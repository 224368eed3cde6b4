#include "stress.h"

static const char *const place_names[NUM_PLACES] = {
  "", "request-headers", "request-end", "response-headers", "response-end", "call",
};

static const char *const change_names[NUM_BODY_CHANGES] = {
  "", "append", "prepend", "replace", "clear", "xor", "prepend-early",
};

/* The index of an order in its list; 0 when it is not given. */
static int
read_order(StressStream *self, PwasmStr header, const char *const *names, int num_names)
{
  PwasmStr value;
  PwasmStatus status = pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, header, &value);

  if (status == PWASM_STATUS_NOT_FOUND)
    return 0;
  if (!stress_ok(PWASM_CONTEXT(&self->base), status, "get an order"))
    return 0;
  for (int i = 1; i < num_names; i++) {
    if (pwasm_str_equal(value, pwasm_str_from_cstr(names[i])))
      return i;
  }
  stress_true(PWASM_CONTEXT(&self->base), false, "an order that is known");
  return 0;
}

static PwasmStr
keep_header(StressStream *self, PwasmStr name)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  PwasmStr value = {0};
  PwasmStr kept = {0};
  PwasmStatus status = pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, name, &value);

  if (status != PWASM_STATUS_NOT_FOUND && stress_ok(ctx, status, "get a header"))
    stress_ok(ctx, pwasm_str_dup(pwasm_context_arena(ctx), value, &kept), "keep a header");
  return kept;
}

void
stress_read_orders(StressStream *self)
{
  PwasmStr set_all = keep_header(self, PWASM_STR("x-do-set-all"));

  self->id = keep_header(self, PWASM_STR("x-id"));
  self->callee = keep_header(self, PWASM_STR("x-do-callee"));
  self->request.change =
    (BodyChange)read_order(self, PWASM_STR("x-do-request-body"), change_names, NUM_BODY_CHANGES);
  self->response.change =
    (BodyChange)read_order(self, PWASM_STR("x-do-response-body"), change_names, NUM_BODY_CHANGES);
  self->reply_at = (Place)read_order(self, PWASM_STR("x-do-reply"), place_names, NUM_PLACES);
  self->call_at = (Place)read_order(self, PWASM_STR("x-do-call"), place_names, NUM_PLACES);
  self->seen_headers = stress_digest_headers(self, PWASM_MAP_HTTP_REQUEST_HEADERS,
                                             pwasm_context_arena(PWASM_CONTEXT(&self->base)));
  if (pwasm_str_find(PWASM_STR("request both"), set_all) != SIZE_MAX && set_all.len > 0)
    stress_set_all_headers(self, PWASM_MAP_HTTP_REQUEST_HEADERS);
  self->set_all_response =
    set_all.len > 0 && pwasm_str_find(PWASM_STR("response both"), set_all) != SIZE_MAX;
}

PwasmStr
stress_digest_headers(StressStream *self, PwasmMap map, PwasmArena *arena)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  PwasmStr text = {0};
  PwasmPairs pairs;
  PwasmPair pair;
  uint32_t sum = 1;
  uint32_t count = 0;

  if (!stress_ok(ctx, pwasm_header_get_all(map, &pairs), "get all headers"))
    return text;
  while (pwasm_pairs_next(&pairs, &pair)) {
    if (!pwasm_str_starts_with(pair.name, PWASM_STR("x-r-")))
      continue;
    sum = stress_sum(sum, pair.name);
    sum = stress_sum(sum, PWASM_STR("="));
    sum = stress_sum(sum, pair.value);
    count++;
  }
  stress_ok(ctx, pwasm_str_format(arena, &text, "%u-%u", (unsigned)count, (unsigned)sum),
            "format a digest");
  return text;
}

/* How often a header is there; its values must all be the given one. */
static size_t
count_header(StressStream *self, PwasmMap map, PwasmStr name, PwasmStr expected)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  PwasmPairs pairs;
  PwasmStr value;
  size_t count = 0;

  if (!stress_ok(ctx, pwasm_header_get_all(map, &pairs), "get all headers"))
    return SIZE_MAX;
  while (pwasm_pairs_next_named(&pairs, name, &value)) {
    stress_true(ctx, pwasm_str_equal(value, expected), "the value of a repeated header");
    count++;
  }
  return count;
}

/* Adds x-added twice, replaces x-replaced, however often it is there, and removes x-removed; and looks. */
void
stress_change_headers(StressStream *self, PwasmMap map)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  PwasmStr value;

  stress_ok(ctx, pwasm_header_remove(map, PWASM_STR("x-added")), "remove");
  stress_ok(ctx, pwasm_header_add(map, PWASM_STR("x-added"), PWASM_STR("a\xff\x80")), "add");
  stress_ok(ctx, pwasm_header_add(map, PWASM_STR("X-Added"), PWASM_STR("a\xff\x80")), "add again");
  stress_true(ctx, count_header(self, map, PWASM_STR("x-added"), PWASM_STR("a\xff\x80")) == 2,
              "two added headers");
  stress_ok(ctx, pwasm_header_replace(map, PWASM_STR("x-replaced"), PWASM_STR("")), "replace");
  stress_true(ctx, count_header(self, map, PWASM_STR("x-replaced"), PWASM_STR("")) == 1,
              "one replaced header");
  stress_ok(ctx, pwasm_header_remove(map, PWASM_STR("x-removed")), "remove");
  stress_true(ctx, pwasm_header_get(map, PWASM_STR("x-removed"), &value) == PWASM_STATUS_NOT_FOUND,
              "a header that was removed");
}

void
stress_set_all_headers(StressStream *self, PwasmMap map)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  PwasmPairs pairs;
  PwasmPair *array;
  size_t count = 0;

  if (!stress_ok(ctx, pwasm_header_get_all(map, &pairs), "get all headers"))
    return;
  array = PWASM_ARENA_NEW_ARRAY(pwasm_scratch(), PwasmPair, pwasm_pairs_count(&pairs) + 1);
  if (!stress_true(ctx, array != NULL, "memory for all headers"))
    return;
  while (pwasm_pairs_next(&pairs, &array[count]))
    count++;
  array[count++] = (PwasmPair){PWASM_STR("x-set-all"), PWASM_STR("yes")};
  stress_ok(ctx, pwasm_header_set_all(map, array, count), "set all headers");
}

void
stress_change_trailers(StressStream *self, PwasmMap map)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  PwasmStr digest = stress_digest_headers(self, map, pwasm_scratch());

  if (digest.data != NULL)
    stress_ok(ctx, pwasm_header_add(map, PWASM_STR("x-seen-trailers"), digest), "add a trailer");
  stress_change_headers(self, map);
}

static void
report(StressStream *self, PwasmStr name, PwasmStr value)
{
  stress_ok(PWASM_CONTEXT(&self->base),
            pwasm_header_replace(PWASM_MAP_HTTP_RESPONSE_HEADERS, name, value), "report");
}

/* x-unexpected: how many unexpected things there were; x-memory: VM and pages; x-generation: the configuration's;
 * x-seen-headers, x-seen-body: what came with the request; x-called: how the call ended. */
void
stress_report(StressStream *self)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  StressVm *vm = stress_vm(ctx);
  PwasmDigits digits;
  PwasmStr text;

#ifdef __wasm__
  if (stress_ok(ctx,
                pwasm_str_format(pwasm_scratch(), &text, "%llu:%zu", (unsigned long long)vm->number,
                                 (size_t)__builtin_wasm_memory_size(0)),
                "format"))
    report(self, PWASM_STR("x-memory"), text);
#endif
  report(self, PWASM_STR("x-generation"), stress_plugin(self)->generation);
  if (self->call_outcome.data != NULL)
    report(self, PWASM_STR("x-called"), self->call_outcome);
  if (self->seen_headers.data != NULL)
    report(self, PWASM_STR("x-seen-headers"), self->seen_headers);
  if (self->request.begun &&
      stress_ok(ctx,
                pwasm_str_format(pwasm_scratch(), &text, "%zu-%u", self->request.size,
                                 (unsigned)self->request.sum),
                "format"))
    report(self, PWASM_STR("x-seen-body"), text);
  report(self, PWASM_STR("x-unexpected"), pwasm_str_from_uint64(self->num_unexpected, &digits));
}
