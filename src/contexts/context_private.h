#ifndef PWASM_CONTEXT_PRIVATE_H
#define PWASM_CONTEXT_PRIVATE_H

#include <string.h>

#include <pwasm/abi.h>
#include <pwasm/plugin.h>

#include "../core/callback_private.h"

/* Makes a context, puts it in the table of ids and initialises it, as the current context, which it stays.
 * `parent` is held. NULL, having logged why, when that can't be. While it is initialised the host may
 * delete it: only of a class without `init` is the result sure to be there. */
PwasmContext *pwasm__context_new(const PwasmContextClass *klass, PwasmContextKind kind, uint32_t id,
                                 PwasmContext *parent);

/* The host has deleted a context, of which NULL is none: takes it out of the table and drops the table's
 * reference. */
void pwasm__context_delete(PwasmContext *ctx);

/* A stream that is logged or done has ended: Envoy 1.40 crashes when it is replied to or reset then. */
static inline void
pwasm__stream_ends(PwasmContext *ctx)
{
  if ((ctx->kind & (PWASM_CONTEXT_KIND_HTTP | PWASM_CONTEXT_KIND_TCP)) != 0)
    ctx->closed = true;
}

/* The context of the VM; made if need be. NULL, having logged why, when that can't be. */
PwasmVmContext *pwasm__vm_context(void);

/* Makes the context of a stream that may be TCP; if it may also be HTTP, an undecided one. False when
 * the plugin has no TCP class for it. Weak, so that only modules with a TCP class contain it. */
__attribute__((weak)) bool pwasm__tcp_create(uint32_t id, PwasmPluginContext *plugin,
                                             const PwasmHttpContextClass *http_class);

/* A stream of which nothing yet says whether it is HTTP or TCP. */
typedef struct PwasmUndecidedContext {
  PwasmContext base;
  /* Replaces it by a context of `kind`; NULL, having logged why, when that can't be. */
  PwasmContext *(*settle)(PwasmContext *ctx, uint32_t kind);
  const PwasmHttpContextClass *http_class;
  const PwasmTcpContextClass *tcp_class;
} PwasmUndecidedContext;

PwasmContext *pwasm__undecided_new(const PwasmHttpContextClass *http_class,
                                   const PwasmTcpContextClass *tcp_class, uint32_t id,
                                   PwasmContext *plugin);

/* The markers of the versions. */
extern const PwasmExport pwasm_export_abi_version_0_1_0;
extern const PwasmExport pwasm_export_abi_version_0_2_0;
extern const PwasmExport pwasm_export_abi_version_0_2_1;

/* The callbacks of a stream that share a signature; `slot` is the offset of the slot's function in
 * the class. */
uint32_t pwasm__http_headers(uint32_t id, size_t slot, uint32_t num_headers,
                             uint32_t end_of_stream);
uint32_t pwasm__http_body(uint32_t id, size_t slot, uint32_t size, uint32_t end_of_stream);
uint32_t pwasm__http_trailers(uint32_t id, size_t slot, uint32_t num_trailers);
void pwasm__http_metadata(uint32_t id, size_t slot, uint32_t num_elements);
uint32_t pwasm__tcp_data(uint32_t id, size_t slot, uint32_t size, uint32_t end_of_stream);
void pwasm__tcp_close(uint32_t id, size_t slot, uint32_t peer);

/* The slots of a class differ in their name only, so one function serves all that share a
 * signature: it copies the slot's function into a variable of exactly its type. */
#define PWASM__LOAD_SLOT(function, ctx, slot)                                                      \
  memcpy(&(function), (const char *)pwasm__class_with_slot((ctx)->klass, (slot)) + (slot),         \
         sizeof(function))

/* Calls a slot of a context, whose type has the base as its member `base`. */
#define PWASM__CALL_SLOT(class_type, slot, ...)                                                    \
  (((const class_type *)pwasm__class_with_slot(PWASM__FIRST(__VA_ARGS__, 0)->base.klass,           \
                                               offsetof(class_type, slot.fn)))                     \
     ->slot.fn(__VA_ARGS__))
#define PWASM__FIRST(first, ...) first

/* In a base class: the beginning of the table. */
#define PWASM__SUBCLASS_ROOT(T)                                                                    \
  .base.name = PWASM__CLASS_NAME(#T), .base.base_class = &pwasm_context_class,                     \
  .base.instance_size = sizeof(T)

/* In a base class: what a slot does when nobody overrides it. It needs no callback of the host. */
#define PWASM__DEFAULT(slot, function) .slot = {NULL, (function)}

#endif
