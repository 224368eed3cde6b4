#ifndef PWASM_TESTHOST_HEADERS_H
#define PWASM_TESTHOST_HEADERS_H

/** @file
 *  @brief Lists of headers or trailers, as a test sends and sees them.
 */

#include <pwasm/pairs.h>

PWASM_BEGIN_DECLS

/** Headers or trailers, in order. `{0}` has none. */
typedef struct PwasmHostHeaders {
  const PwasmPair *pairs; /**< `num_pairs` of them */
  size_t num_pairs;       /**< elements of `pairs` */
} PwasmHostHeaders;

/** Headers out of C strings, by turns name and value:
 *  `PWASM_HOST_HEADERS(":method", "GET", ":path", "/")`.
 *
 *  They live until the end of the enclosing block. For values with NULs fill a
 *  @ref PwasmHostHeaders by hand.
 */
#define PWASM_HOST_HEADERS(...)                                                                    \
  pwasm__host_headers(                                                                             \
    (const char *const[]){__VA_ARGS__},                                                            \
    (PwasmPair[PWASM__HOST_NUM_PAIRS(sizeof((const char *const[]){__VA_ARGS__}))]){0},             \
    PWASM__HOST_NUM_PAIRS(sizeof((const char *const[]){__VA_ARGS__})))

/** No headers. */
#define PWASM_HOST_NO_HEADERS ((PwasmHostHeaders){NULL, 0})

/** @cond private: a name without a value is an array of negative size */
#define PWASM__HOST_NUM_PAIRS(size)                                                                \
  ((size) / (2 * sizeof(const char *)) +                                                           \
   0 * sizeof(char[(size) % (2 * sizeof(const char *)) == 0 ? 1 : -1]))

PwasmHostHeaders pwasm__host_headers(const char *const *names_and_values, PwasmPair *to,
                                     size_t num_pairs);
/** @endcond */

/** The first value of a header.
 *
 *  @param headers  where to look
 *  @param name     a C string, in any case
 *  @return the value; missing when there is no such header
 *  @lifetime{the result, as long as @p headers}
 */
PwasmStr pwasm_host_headers_get(PwasmHostHeaders headers, const char *name);

/** How many headers of a name there are.
 *
 *  @param headers  where to look
 *  @param name     a C string, in any case
 *  @return their number
 */
size_t pwasm_host_headers_count(PwasmHostHeaders headers, const char *name);

PWASM_END_DECLS

#endif
