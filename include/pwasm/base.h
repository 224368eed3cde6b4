#ifndef PWASM_BASE_H
#define PWASM_BASE_H

/** @file
 *  @brief What every other header needs: attributes and the linkage guard.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pwasm/abi_version.h>

#ifdef __cplusplus
#define PWASM_BEGIN_DECLS extern "C" {
#define PWASM_END_DECLS }
#else
#define PWASM_BEGIN_DECLS
#define PWASM_END_DECLS
#endif

/** Marks a function whose result must be looked at; pwasm_ignore() is the one blessed way out. */
#define PWASM_NODISCARD __attribute__((warn_unused_result))

/** Marks a function that takes a printf-like format; the indices of format and first argument count from 1. */
#define PWASM_PRINTF(format_index, first_index)                                                    \
  __attribute__((format(printf, format_index, first_index)))

PWASM_BEGIN_DECLS

/** The base of all contexts: identity, references, an arena. See context.h. */
typedef struct PwasmContext PwasmContext;
/** What all plugins of a VM share. See vm_context.h. */
typedef struct PwasmVmContext PwasmVmContext;
/** One plugin configuration in a VM. See plugin_context.h. */
typedef struct PwasmPluginContext PwasmPluginContext;
/** One HTTP stream: a request and its response. See http_context.h. */
typedef struct PwasmHttpContext PwasmHttpContext;
/** One TCP connection. See tcp_context.h. */
typedef struct PwasmTcpContext PwasmTcpContext;

/** The class of a @ref PwasmContext. */
typedef struct PwasmContextClass PwasmContextClass;
/** The class of a @ref PwasmVmContext. */
typedef struct PwasmVmContextClass PwasmVmContextClass;
/** The class of a @ref PwasmPluginContext. */
typedef struct PwasmPluginContextClass PwasmPluginContextClass;
/** The class of a @ref PwasmHttpContext. */
typedef struct PwasmHttpContextClass PwasmHttpContextClass;
/** The class of a @ref PwasmTcpContext. */
typedef struct PwasmTcpContextClass PwasmTcpContextClass;

PWASM_END_DECLS

#endif
