;; expect: unknown\.wasm imports env\.proxy_make_coffee, which no host has
(module
  (import "env" "proxy_make_coffee" (func (param i32) (result i32)))
  (memory (export "memory") 1))
