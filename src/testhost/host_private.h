#ifndef PWASM_TESTHOST_HOST_PRIVATE_H
#define PWASM_TESTHOST_HOST_PRIVATE_H

/* The host, its VMs and plugins. Streams are in http_private.h. */

#include <pwasm/abi.h>
#include <pwasm/header_map.h>
#include <pwasm/testhost.h>

#include "calls_private.h"
#include "guest_private.h"
#include "hostcall_private.h"
#include "kept_private.h"
#include "map_private.h"
#include "memory_private.h"
#include "profile_private.h"
#include "property_private.h"
#include "services_private.h"
#include "view_private.h"

/* What the host knows of an id that it gave to the guest. */
typedef struct PwasmHostContext {
  uint32_t id;
  PwasmHostVm *vm;
  PwasmHostPlugin *plugin;          /* NULL for the VM's own, which is id 0 */
  PwasmHostHttp *http;              /* NULL unless it is an HTTP stream's */
  PwasmHostTcp *tcp;                /* NULL unless it is a connection's */
  PwasmHostProperties properties;   /* the test's */
  PwasmHostProperties filter_state; /* the plugin's, by path */
  struct PwasmHostContext *next;
} PwasmHostContext;

#define PWASM_HOST_NUM_CHAINS 4096

struct PwasmHostVm {
  PwasmHostVm *next;
  PwasmHost *host;
  const PwasmGuest *guest;
  PwasmVm *native;        /* NULL unless the guest is native */
  PwasmHostKept kept;     /* of the native one */
  struct PwasmWasm *wasm; /* NULL unless it is a module */
  bool is_canary; /* killed: nothing of it is called any more, and nothing else runs in it */
  bool has_trapped;
  PwasmStr id;
  PwasmStr configuration;
  PwasmHostContext context; /* the VM's own */
  PwasmHostContext *chains[PWASM_HOST_NUM_CHAINS];
  uint32_t next_context_id;
  /* A local reply was sent: whatever the present callback answers, it is taken for "pause". Envoy has
   * this once a VM, so it hits the present callback even if the reply is another stream's. */
  bool stops_iteration;
};

struct PwasmHostPlugin {
  PwasmHostPlugin *next;
  PwasmHostVm *vm;
  PwasmHostContext context;
  PwasmHostPluginState state;
  PwasmStr name;
  PwasmStr root_id;
  PwasmStr configuration;
  bool configuration_readable;
  bool allow_on_headers_stop_iteration;
  size_t num_open_streams;
  uint32_t tick_period_ms; /* 0: its timer does not run */
  uint64_t next_tick_ns;
};

/* What a hostcall asked for that takes effect after the callback. */
typedef enum PwasmHostActionKind {
  PWASM_HOST_ACT_REPLY,
  PWASM_HOST_ACT_RESUME_REQUEST,
  PWASM_HOST_ACT_RESUME_RESPONSE,
  PWASM_HOST_ACT_CLOSE,
  PWASM_HOST_ACT_RESUME_DOWNSTREAM,
  PWASM_HOST_ACT_CLOSE_TCP,
  PWASM_HOST_ACT_DELETE_PLUGIN,
  PWASM_HOST_ACT_CLOSE_GRPC,
} PwasmHostActionKind;

typedef struct PwasmHostAction {
  PwasmHostActionKind kind;
  PwasmHostHttp *http;
  PwasmHostTcp *tcp;
  PwasmHostPlugin *plugin;
  PwasmHostGrpcCall *grpc;
} PwasmHostAction;

typedef struct PwasmHostOrder {
  size_t calls_left; /* up to the one that is meant; 0: none is; SIZE_MAX: all are */
  uint32_t status;   /* what it returns; OK: it returns the answer */
  PwasmStr answer;
  PwasmHostHookFn *hook;
  void *hook_data;
  bool is_in_hook; /* it runs, and is off meanwhile */
} PwasmHostOrder;

/* What pwasm_host_exhaust() lets go wrong. */
typedef struct PwasmHostFault {
  char text[128]; /* said when the test fails; empty: nothing goes wrong */
  bool has_vm;    /* this VM, counted from 0, runs out of memory after so many allocations */
  size_t vm;
  size_t allocations_before;
} PwasmHostFault;

/* Two strings for the end of a message. */
#define PWASM__FAULT_TEXT(fault)                                                                   \
  (fault)->text[0] == '\0' ? "" : "\nWhile this goes wrong: ", (fault)->text

/* An entry of the access log. */
typedef struct PwasmHostLogMaps {
  const PwasmHostPlugin *plugin;
  PwasmHostMap maps[PWASM_MAP_HTTP_RESPONSE_TRAILERS + 1];
} PwasmHostLogMaps;

/* A callback that has not returned. */
typedef struct PwasmHostEntry {
  const struct PwasmHostEntry *outer;
  PwasmHostCallback callback;
  uint32_t context_id;
  uint32_t arguments[4];
} PwasmHostEntry;

struct PwasmHost {
  PwasmHost *next; /* older hosts */
  PwasmHostFailFn *on_failure;
  bool has_failed;
  bool acts_at_once;
  bool forgets_bodies;
  bool reuses_memory;
  size_t buffer_limit; /* 0: none */
  bool is_strict;
  const PwasmHostTraits *traits;
  bool calls_anything; /* also callbacks that the profile lacks: the test wants it */
  bool allows_traps;
  PwasmLogLevel log_level;
  uint64_t time_ns;
  PwasmHostVm *vms;
  PwasmHostPlugin *plugins;
  PwasmHostHttp *streams;
  PwasmHostTcp *connections;
  PwasmHostCalls calls;
  /* Whom the host has called, and on whose behalf it takes hostcalls; NULL and 0 outside. */
  PwasmHostContext *current;
  uint32_t effective_id;
  size_t depth;                /* callbacks that have not returned */
  const PwasmHostEntry *entry; /* the innermost of them; NULL outside */
  PwasmHostcall hostcall;      /* the last one that was made */
  PwasmHostViews views;
  PwasmHostAction *actions; /* in the order asked for */
  size_t num_actions;
  size_t actions_capacity;
  PwasmHostLogLine **log_lines;
  size_t num_log_lines;
  size_t log_capacity;
  size_t num_hostcalls[PWASM_HOST_NUM_HOSTCALLS];
  size_t num_callbacks[PWASM_HOST_NUM_CALLBACKS];
  PwasmHostOrder orders[PWASM_HOST_NUM_HOSTCALLS];
  PwasmHostProperties properties;
  const PwasmHostLogMaps *log_maps; /* of the entry that an access logger is in; NULL outside */
  bool traces_to_stderr;
  bool keeps_trace;
  PwasmHostBytes trace;
  PwasmHostServices services;
  PwasmHostFault fault;
};

/* The host that hostcalls are about: whose callback runs, or else the newest; NULL for none. */
PwasmHost *pwasm__host_current(void);
/* Makes a host that one; answers which it was before. */
PwasmHost *pwasm__host_switch(PwasmHost *host);

/* Fails the test. May not return. */
__attribute__((format(printf, 4, 5))) void pwasm__host_failure(PwasmHost *host, const char *file,
                                                               int line, const char *format, ...);

/* The same, when there is no host any more. */
__attribute__((format(printf, 4, 5))) void
pwasm__failure(PwasmHostFailFn *on_failure, const char *file, int line, const char *format, ...);

/* Fails the test because it misuses a function of the host. */
#define PWASM__HOST_MISUSE(host, ...) pwasm__host_failure((host), __func__, 0, __VA_ARGS__)

/* The arguments of the foreign function that the plugin is in; missing outside. */
PwasmStr pwasm__host_foreign_arguments(const PwasmHostcallFrame *frame);

/* Contexts by id. */
void pwasm__host_context_add(PwasmHostContext *context, PwasmHostVm *vm);
void pwasm__host_context_remove(PwasmHostContext *context);
PwasmHostContext *pwasm__host_context_find(PwasmHostVm *vm, uint32_t id);

/* Begins and ends a callback; between the two the guest is called. */
void pwasm__host_entry_push(PwasmHost *host, PwasmHostEntry *entry, PwasmHostCallback callback,
                            uint32_t context_id, uint32_t a, uint32_t b);
void pwasm__host_entry_pop(PwasmHost *host);
/* `proxy_on_tick(1)`. */
const char *pwasm__host_entry_text(PwasmQuoted *to, const PwasmHostEntry *entry);

/* For messages. */
const char *pwasm__plugin_state_name(PwasmHostPluginState state);

/* Fails the test, in strict mode, because of the hostcall. */
void pwasm__strict_failure(const PwasmHostcallFrame *frame, uint32_t status, const char *why);

/* Notes what is to be done after the callback, or does it at once. */
void pwasm__host_defer(PwasmHost *host, PwasmHostAction action);
/* Does all that was deferred, if no callback is running. */
void pwasm__host_settle(PwasmHost *host);

/* The deferred end of a plugin that was waited for. */
void pwasm__host_plugin_delete(PwasmHostPlugin *plugin);
/* A stream of it has ended. */
void pwasm__host_plugin_stream_ended(PwasmHostPlugin *plugin);

#endif
