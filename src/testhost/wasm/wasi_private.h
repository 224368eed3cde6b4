#ifndef PWASM_TESTHOST_WASM_WASI_PRIVATE_H
#define PWASM_TESTHOST_WASM_WASI_PRIVATE_H

/* What modules may import from `wasi_snapshot_preview1` and `wasi_unstable`: what both Envoy and
 * ngx_wasm_module have. Written like env_private.h, for the same reader. */

#include "module_private.h"

uint32_t pwasm__wasi_args_get(PwasmWasm *wasm, uint32_t ret_arguments, uint32_t ret_bytes);
uint32_t pwasm__wasi_args_sizes_get(PwasmWasm *wasm, uint32_t ret_count, uint32_t ret_size);
uint32_t pwasm__wasi_clock_time_get(PwasmWasm *wasm, uint32_t clock, uint64_t precision_ns,
                                    uint32_t ret_time_ns);
uint32_t pwasm__wasi_environ_get(PwasmWasm *wasm, uint32_t ret_variables, uint32_t ret_bytes);
uint32_t pwasm__wasi_environ_sizes_get(PwasmWasm *wasm, uint32_t ret_count, uint32_t ret_size);
uint32_t pwasm__wasi_fd_close(PwasmWasm *wasm, uint32_t fd);
uint32_t pwasm__wasi_fd_fdstat_get(PwasmWasm *wasm, uint32_t fd, uint32_t ret_stat);
uint32_t pwasm__wasi_fd_prestat_dir_name(PwasmWasm *wasm, uint32_t fd, uint32_t ret_path,
                                         uint32_t max_size);
uint32_t pwasm__wasi_fd_prestat_get(PwasmWasm *wasm, uint32_t fd, uint32_t ret_prestat);
uint32_t pwasm__wasi_fd_read(PwasmWasm *wasm, uint32_t fd, uint32_t vectors, uint32_t num_vectors,
                             uint32_t ret_size);
uint32_t pwasm__wasi_fd_seek(PwasmWasm *wasm, uint32_t fd, int64_t offset, uint32_t whence,
                             uint32_t ret_offset);
uint32_t pwasm__wasi_fd_write(PwasmWasm *wasm, uint32_t fd, uint32_t vectors, uint32_t num_vectors,
                              uint32_t ret_size);
uint32_t pwasm__wasi_path_open(PwasmWasm *wasm, uint32_t fd, uint32_t lookup_flags, uint32_t path,
                               uint32_t path_size, uint32_t open_flags, uint64_t rights,
                               uint64_t inherited_rights, uint32_t fd_flags, uint32_t ret_fd);
void pwasm__wasi_proc_exit(PwasmWasm *wasm, uint32_t code);
uint32_t pwasm__wasi_random_get(PwasmWasm *wasm, uint32_t ret_bytes, uint32_t size);

/* These only Envoy has, and ngx_wasm_module in part. */
uint32_t pwasm__wasi_clock_res_get(PwasmWasm *wasm, uint32_t clock, uint32_t ret_resolution_ns);
uint32_t pwasm__wasi_fd_fdstat_set_flags(PwasmWasm *wasm, uint32_t fd, uint32_t flags);
uint32_t pwasm__wasi_fd_filestat_get(PwasmWasm *wasm, uint32_t fd, uint32_t ret_stat);
uint32_t pwasm__wasi_poll_oneoff(PwasmWasm *wasm, uint32_t subscriptions, uint32_t ret_events,
                                 uint32_t num_subscriptions, uint32_t ret_num_events);
uint32_t pwasm__wasi_sched_yield(PwasmWasm *wasm);

#endif
