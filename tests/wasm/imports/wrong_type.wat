;; expect: imports env\.proxy_record_metric as i32\(i32, i32\), but hosts have i32\(i32, i64\)
(module
  (import "env" "proxy_record_metric" (func (param i32 i32) (result i32)))
  (memory (export "memory") 1))
