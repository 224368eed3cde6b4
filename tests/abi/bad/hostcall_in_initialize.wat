;; _initialize calls proxy_log
(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (global $stack (mut i32) (i32.const 65536))
  (func (export "_initialize") (call $init))
  (func $init (drop (call $log (i32.const 0) (i32.const 0) (i32.const 0))))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 0))
  (data (i32.const 65536) "data"))
