;; expect: no_memory\.wasm exports no memory
(module
  (import "env" "proxy_done" (func (result i32))))
