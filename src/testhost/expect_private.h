#ifndef PWASM_TESTHOST_EXPECT_PRIVATE_H
#define PWASM_TESTHOST_EXPECT_PRIVATE_H

/* What an expectation says when it is not met. */

#include "http_private.h"

/* Text, cut when there is too much. */
typedef struct PwasmHostReport {
  char text[12000];
  size_t len;
} PwasmHostReport;

__attribute__((format(printf, 2, 3))) void pwasm__say(PwasmHostReport *report, const char *format,
                                                      ...);
/* Where two texts begin to differ, if one is too long to be said whole. */
void pwasm__say_difference(PwasmHostReport *report, PwasmStr expected, PwasmStr found);
/* Quoted, or `missing`. */
const char *pwasm__text_of(PwasmQuoted *to, PwasmStr bytes);
void pwasm__say_headers(PwasmHostReport *report, const char *what, PwasmHostHeaders headers);
/* How the request or the response stands. */
void pwasm__say_half(PwasmHostReport *report, const PwasmHostHttp *http, bool request);
/* Whether there is such a header; without a value, of any. */
bool pwasm__has_header(PwasmHostHeaders headers, const char *name, const char *value);
/* A call to another service, whole. */
void pwasm__say_http_call(PwasmHostReport *report, const PwasmHostHttpCall *call);
void pwasm__say_grpc_call(PwasmHostReport *report, const PwasmHostGrpcCall *call);
/* Those that wait for an answer, a line each. */
void pwasm__say_calls(PwasmHostReport *report, const PwasmHost *host);
/* Adds the calls that wait, the log and the hostcalls that were made, and fails the test. */
void pwasm__report(PwasmHostReport *report, PwasmHost *host, const char *file, int line);
/* The same when `function` is asked for a call that is not there: what the plugin has done instead. */
void pwasm__report_no_call(PwasmHost *host, const char *function, size_t count, const char *what);

const char *pwasm__side(bool request);
const char *pwasm__http_state_name(PwasmHostHttpState state);

#endif
