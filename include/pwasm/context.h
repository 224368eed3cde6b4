#ifndef PWASM_CONTEXT_H
#define PWASM_CONTEXT_H

/** @file
 *  @brief The base of all contexts, and the macros with which plugins subclass them.
 *
 *  A context is an object in C: a struct whose first member, `base`, is the struct of its base
 *  class. A class is one constant table of functions ("slots"); a slot that is not set is
 *  inherited.
 *
 *  @snippet hello_http/hello_http.c hello
 */

#include <pwasm/arena.h>
#include <pwasm/base.h>
#include <pwasm/status.h>

PWASM_BEGIN_DECLS

/** What stands behind a callback that the host can call; private.
 *
 *  Each callback lives in an object file of its own, together with one datum of this type. A slot
 *  that is set with @ref PWASM_ON refers to that datum, which makes the linker take the object file,
 *  which exports the callback. What no class overrides is neither linked nor exported.
 */
typedef struct pwasm_set_this_slot_with_PWASM_ON PwasmExport;

/** @cond private */
struct pwasm_set_this_slot_with_PWASM_ON {
  char unused;
};

/* A slot that a host's callback stands behind. The anchor is first, so that a slot set without
 * PWASM_ON is a pointer of the wrong type, which no compiler accepts. */
#define PWASM_SLOT(result, name, parameters)                                                       \
  struct {                                                                                         \
    const PwasmExport *anchor;                                                                     \
    result(*fn) parameters;                                                                        \
  } name
/** @endcond */

/** The kinds of context. */
typedef enum PwasmContextKind {
  PWASM_CONTEXT_KIND_VM = 1,        /**< a @ref PwasmVmContext */
  PWASM_CONTEXT_KIND_PLUGIN = 2,    /**< a @ref PwasmPluginContext */
  PWASM_CONTEXT_KIND_HTTP = 4,      /**< a @ref PwasmHttpContext */
  PWASM_CONTEXT_KIND_TCP = 8,       /**< a @ref PwasmTcpContext */
  PWASM_CONTEXT_KIND_UNDECIDED = 16 /**< a stream before its first callback; no plugin sees it */
} PwasmContextKind;

/** The base of all contexts. The members are private: use the functions below. */
struct PwasmContext {
  const PwasmContextClass *klass; /**< the class it was made of */
  PwasmContext *parent;           /**< what contains it: a stream's plugin, a plugin's VM */
  PwasmContext *next;             /**< in the table of ids */
  PwasmArena arena;               /**< its memory; this struct lies at its beginning */
  uint32_t id;                    /**< the host's name for it */
  uint32_t refs;                  /**< references; not atomic, a VM has one thread */
  uint8_t kind;                   /**< a @ref PwasmContextKind */
  bool closed;                    /**< it has ended */
  uint16_t num_calls;             /**< not answered; 65535: that many or more */
};

/** The class of all contexts.
 *
 *  `init` and `finalize` are set plainly (`.base.init = hello_init`), `on_done` and `on_log` with
 *  @ref PWASM_ON_BASE.
 */
struct PwasmContextClass {
  const char *name; /**< the name of the struct; empty in release modules, which never show it */
  const PwasmContextClass *base_class; /**< NULL for the root */
  size_t instance_size;                /**< bytes of the struct */

  /** A context has come to be; all its bytes beyond the base class's are zero. Optional.
   *
   *  Called by the SDK, base class first: never chain up. The stream's headers are not readable
   *  yet.
   */
  void (*init)(PwasmContext *ctx);

  /** The last reference is gone. Optional.
   *
   *  Called by the SDK, base class last: never chain up. The context's arena is still valid: its
   *  cleanups run afterwards. The host has forgotten the context: calls about it return
   *  @ref PWASM_STATUS_CLOSED.
   */
  void (*finalize)(PwasmContext *ctx);

  /** The host is done with a context. Optional; the default answers true.
   *
   *  A plugin that answers false is kept until pwasm_plugin_context_done(); a stream goes, whatever
   *  it answers. Chain up: may. Readable: properties.
   */
  PWASM_SLOT(bool, on_done, (PwasmContext * ctx));

  /** The time to log. Optional; the default does nothing.
   *
   *  For a stream: it has ended; Envoy calls it before `on_done`, other hosts after. It may be the
   *  only callback that a stream ever gets. For a plugin that is an access logger: one entry is to
   *  be logged. Chain up: may. Readable: properties; request headers, response headers and
   *  trailers, of which any may be missing (@ref PWASM_STATUS_NOT_FOUND).
   */
  PWASM_SLOT(void, on_log, (PwasmContext * ctx));
};

/** The root class. */
extern const PwasmContextClass pwasm_context_class;

/** Takes a reference: the context stays valid memory until it is dropped.
 *
 *  @param ctx  the context
 *  @return @p ctx
 */
PwasmContext *pwasm_context_ref(PwasmContext *ctx);

/** Drops a reference. With the last one the context is finalized and its arena released.
 *
 *  @param ctx  the context; NULL is ignored
 */
void pwasm_context_unref(PwasmContext *ctx);

/** The host's name for a context.
 *
 *  @param ctx  the context
 *  @return the id; hosts use it again when the context is gone
 */
static inline uint32_t
pwasm_context_id(const PwasmContext *ctx)
{
  return ctx->id;
}

/** The arena of a context.
 *
 *  @param ctx  the context
 *  @return its arena
 *  @lifetime{its contents, until the context's last reference is dropped}
 */
static inline PwasmArena *
pwasm_context_arena(PwasmContext *ctx)
{
  return &ctx->arena;
}

/** Whether a context has ended: the host has deleted it, or it is a stream that is logged or done.
 *
 *  Headers and properties are still readable in `on_log` and `on_done`.
 *
 *  @param ctx  the context
 *  @return true once it is closed; calls that do something to it return @ref PWASM_STATUS_CLOSED
 */
static inline bool
pwasm_context_is_closed(const PwasmContext *ctx)
{
  return ctx->closed;
}

/** @cond private: the nearest class, from klass on towards the root, that sets the slot at offset */
const PwasmContextClass *pwasm__class_with_slot(const PwasmContextClass *klass, size_t offset);
/** @endcond */

/** The @ref PwasmContext of any of the SDK's contexts: `PWASM_CONTEXT(&self->base)`. */
#define PWASM_CONTEXT(ptr)                                                                         \
  _Generic((ptr),                                                                                  \
    PwasmContext *: (PwasmContext *)(ptr),                                                         \
    PwasmVmContext *: (PwasmContext *)(ptr),                                                       \
    PwasmPluginContext *: (PwasmContext *)(ptr),                                                   \
    PwasmHttpContext *: (PwasmContext *)(ptr),                                                     \
    PwasmTcpContext *: (PwasmContext *)(ptr))

/** Goes down one level: from a pointer to the `base` of @p T to the @p T around it.
 *
 *  Any other type of pointer is refused by the compiler. From a @ref PwasmContext, as `init` gets
 *  it, it takes two steps: `PWASM_SELF(Hello, PWASM_SELF(PwasmHttpContext, ctx))`.
 */
#define PWASM_SELF(T, ptr) ((T *)_Generic((ptr), __typeof__(((T *)0)->base) *: (ptr)))

/** Sets a slot of a class: `PWASM_ON(on_request_headers, hello_on_request_headers)`.
 *
 *  It also makes the module export the callback of the host that ends in the slot; a callback that
 *  no class sets is not exported. A slot that is set without it does not compile.
 */
#define PWASM_ON(slot, function) .slot = {&pwasm_export_##slot, (function)}

/** Sets `on_done` or `on_log`, which all classes have from the base: `PWASM_ON_BASE(on_log, f)`. */
#define PWASM_ON_BASE(slot, function) .base.slot = {&pwasm_export_##slot, (function)}

/** Calls what a class has in a slot, set there or inherited; its value is the function's.
 *
 *  `PWASM_CHAIN_UP(pwasm_http_context_class, on_request_headers, ctx, num_headers, end_of_stream)`
 *  in an override calls what the override hides. The documentation of each slot says whether that
 *  is allowed.
 */
#define PWASM_CHAIN_UP(class_object, slot, ...)                                                    \
  (((const __typeof__(class_object) *)pwasm__class_with_slot(                                      \
      (const PwasmContextClass *)&(class_object), offsetof(__typeof__(class_object), slot.fn)))    \
     ->slot.fn(__VA_ARGS__))

/** Says that contexts of a class are structs @p T, so that the class can be subclassed.
 *
 *  Stands beside the class object of @p T, as `PWASM_DECLARE_CLASS(auth_class, Auth);` at file
 *  scope. The SDK's own classes have it.
 */
#define PWASM_DECLARE_CLASS(class_object, T) typedef T pwasm_instance_of_##class_object

/** @cond private */
/* Names are for whoever debugs: release modules do without. */
#if defined(__wasm__) && defined(NDEBUG)
#define PWASM__CLASS_NAME(name) ""
#else
#define PWASM__CLASS_NAME(name) name
#endif

#define PWASM__PROVE_SUBCLASS(T, class_object)                                                     \
  (0 * sizeof(struct {                                                                             \
     _Static_assert(offsetof(T, base) == 0, "base must be the first member of " #T);               \
     _Static_assert(_Generic(&((T *)0)->base, pwasm_instance_of_##class_object *: 1, default: 0),  \
                    "base of " #T " must be the struct of its base class, " #class_object);        \
     char unused;                                                                                  \
   }))

#define PWASM__SUBCLASS(T, class_type, class_object)                                               \
  .base.name = PWASM__CLASS_NAME(#T),                                                              \
  .base.base_class =                                                                               \
    &_Generic(&(class_object), const class_type *: (class_object), class_type *: (class_object))   \
       .base,                                                                                      \
  .base.instance_size = sizeof(T) + PWASM__PROVE_SUBCLASS(T, class_object)

extern const PwasmExport pwasm_export_on_done;
extern const PwasmExport pwasm_export_on_log;
/** @endcond */

PWASM_END_DECLS

#endif
