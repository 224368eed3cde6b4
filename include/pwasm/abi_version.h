#ifndef PWASM_ABI_VERSION_H
#define PWASM_ABI_VERSION_H

/** @file
 *  @brief Which version of Proxy-Wasm a module is made for.
 *
 *  The same source makes a module for any of them: `pwasm_add_plugin(NAME … ABI 0.1.0)`. What a version
 *  does not have does not compile for it. Natively, in unit tests, it is always 0.2.1.
 *
 *  What is different in 0.1.0: `end_of_stream` is false in the callbacks of headers; the VM's
 *  configuration is readable in `on_vm_start` only, and the plugin's in `on_configure` only: at other
 *  times the functions for either may give the other.
 */

#ifndef PWASM_ABI_VERSION
/** The version: `0x000100`, `0x000200` or `0x000201` for 0.1.0, 0.2.0 or 0.2.1. */
#define PWASM_ABI_VERSION 0x000201
#endif

#if PWASM_ABI_VERSION != 0x000100 && PWASM_ABI_VERSION != 0x000200 && PWASM_ABI_VERSION != 0x000201
#error "PWASM_ABI_VERSION is 0x000100, 0x000200 or 0x000201"
#endif

/** @cond private */
#if defined(__wasm__) && PWASM_ABI_VERSION < 0x000200
#define PWASM_SINCE_0_2_0 __attribute__((unavailable("Proxy-Wasm 0.1.0 does not have it")))
#else
#define PWASM_SINCE_0_2_0
#endif

#if defined(__wasm__) && PWASM_ABI_VERSION < 0x000201
#define PWASM_SINCE_0_2_1 __attribute__((unavailable("Proxy-Wasm before 0.2.1 does not have it")))
#else
#define PWASM_SINCE_0_2_1
#endif

#if PWASM_ABI_VERSION == 0x000100
#define PWASM__ABI_VERSION_EXPORT pwasm_export_abi_version_0_1_0
#elif PWASM_ABI_VERSION == 0x000200
#define PWASM__ABI_VERSION_EXPORT pwasm_export_abi_version_0_2_0
#else
#define PWASM__ABI_VERSION_EXPORT pwasm_export_abi_version_0_2_1
#endif

/* What 0.1.0 has under another name or with other arguments is in files of its own, src/abi_0_1_0. */
#if defined(__wasm__) && PWASM_ABI_VERSION == 0x000100
#define pwasm_export_on_request_headers pwasm_export_on_request_headers_0_1_0
#define pwasm_export_on_response_headers pwasm_export_on_response_headers_0_1_0
#define pwasm__header_get pwasm__header_get_0_1_0
#define pwasm_plugin_configuration_get pwasm__configuration_get_0_1_0
#define pwasm_vm_configuration_get pwasm__configuration_get_0_1_0
#define pwasm_http_context_resume_request pwasm__http_context_resume_request_0_1_0
#define pwasm_http_context_resume_response pwasm__http_context_resume_response_0_1_0
#endif
/** @endcond */

#endif
