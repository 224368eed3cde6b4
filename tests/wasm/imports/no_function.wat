;; expect: imports env\.proxy_log as something that is no function
(module
  (import "env" "proxy_log" (global i32))
  (memory (export "memory") 1))
