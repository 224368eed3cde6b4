#include <pwasm/testhost/shared_data.h>

#include "expect_private.h"
#include "tcp_private.h"

const char *
pwasm__text_of(PwasmQuoted *to, PwasmStr bytes)
{
  return pwasm_str_is_present(bytes) ? pwasm__quote(to, bytes.data, bytes.len) : "missing";
}

static void
say_shared_data(PwasmHostReport *report, const PwasmHost *host)
{
  const PwasmHostSharedDatum *datum = host->services.shared_data;

  pwasm__say(report, "\n  shared data:%s", datum == NULL ? " none" : "");
  for (; datum != NULL; datum = datum->next)
    pwasm__say(report, "\n    %s %s: %s", PWASM_QUOTE(datum->vm_id.data, datum->vm_id.len),
               PWASM_QUOTE(datum->key.data, datum->key.len),
               PWASM_QUOTE(datum->value.data, datum->value.len));
}

void
pwasm__expect_shared_data(const char *file, int line, PwasmHost *host, const char *vm_id,
                          const char *key, const char *value)
{
  PwasmStr found = pwasm_host_shared_data_get(host, vm_id, key);
  PwasmStr expected = value == NULL ? pwasm_str(NULL, 0) : pwasm_str_from_cstr(value);
  PwasmHostReport report = {0};
  PwasmQuoted texts[2];

  if (pwasm_str_is_present(found) == (value != NULL) && pwasm_str_equal(found, expected))
    return;
  pwasm__say(&report, "expected the shared value %s of the VM id \"%s\" to be %s, it is %s", key,
             vm_id, pwasm__text_of(&texts[0], expected), pwasm__text_of(&texts[1], found));
  pwasm__say_difference(&report, expected, found);
  say_shared_data(&report, host);
  pwasm__report(&report, host, file, line);
}

static void
say_flow(PwasmHostReport *report, const char *whose, const PwasmHostTcpFlow *flow)
{
  pwasm__say(report, "\n  of the %s bytes: %s went through", whose,
             PWASM_QUOTE(flow->forwarded.data, flow->forwarded.len));
  if (flow->data.len > 0)
    pwasm__say(report, ", %s held back", PWASM_QUOTE(flow->data.data, flow->data.len));
  if (flow->has_ended)
    pwasm__say(report, ", there are no more");
}

void
pwasm__expect_tcp(const char *file, int line, const PwasmHostTcp *tcp, bool to_upstream,
                  const char *bytes)
{
  const PwasmHostTcpFlow *flow = to_upstream ? &tcp->downstream : &tcp->upstream;
  PwasmStr expected = pwasm_str_from_cstr(bytes);
  PwasmHostReport report = {0};

  if (pwasm_str_equal(pwasm__host_bytes_str(&flow->forwarded), expected))
    return;
  pwasm__say(&report, "expected the %s to have got %s", to_upstream ? "upstream" : "client",
             PWASM_QUOTE(expected.data, expected.len));
  pwasm__say_difference(&report, expected, pwasm__host_bytes_str(&flow->forwarded));
  pwasm__say(&report, "\n  connection %u is %s", tcp->context.id,
             tcp->is_closed ? "closed" : "open");
  say_flow(&report, "client's", &tcp->downstream);
  say_flow(&report, "upstream's", &tcp->upstream);
  pwasm__report(&report, tcp->host, file, line);
}
