;; expect: unknown_module\.wasm imports wasi_snapshot_preview2\.fd_write, which no host has
(module
  (import "wasi_snapshot_preview2" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1))
