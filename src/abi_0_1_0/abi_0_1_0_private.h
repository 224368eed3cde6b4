#ifndef PWASM_ABI_0_1_0_PRIVATE_H
#define PWASM_ABI_0_1_0_PRIVATE_H

/* What Proxy-Wasm 0.1.0 has under another name or with other arguments than its successors. A plugin
 * for 0.1.0 gets these in place of the others: see <pwasm/abi_version.h>. */

#include <pwasm/abi.h>
#include <pwasm/header_map.h>
#include <pwasm/http_context.h>

PWASM_IMPORT(proxy_get_configuration)
uint32_t proxy_get_configuration(char **ret_configuration, uint32_t *ret_size);
PWASM_IMPORT(proxy_continue_request)
uint32_t proxy_continue_request(void);
PWASM_IMPORT(proxy_continue_response)
uint32_t proxy_continue_response(void);

extern const PwasmExport pwasm_export_on_request_headers_0_1_0;
extern const PwasmExport pwasm_export_on_response_headers_0_1_0;

/* Exported as proxy_on_request_headers and proxy_on_response_headers. */
__attribute__((export_name("proxy_on_request_headers"))) uint32_t
pwasm__on_request_headers_0_1_0(uint32_t context_id, uint32_t num_headers);
__attribute__((export_name("proxy_on_response_headers"))) uint32_t
pwasm__on_response_headers_0_1_0(uint32_t context_id, uint32_t num_headers);

PwasmStatus pwasm__header_get_0_1_0(PwasmMap map, const char *name, size_t name_len,
                                    PwasmStr *ret_value);
PwasmStatus pwasm__configuration_get_0_1_0(PwasmStr *ret_configuration);
PwasmStatus pwasm__http_context_resume_request_0_1_0(PwasmHttpContext *ctx);
PwasmStatus pwasm__http_context_resume_response_0_1_0(PwasmHttpContext *ctx);

#endif
