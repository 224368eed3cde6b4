#ifndef PWASM_ACTION_H
#define PWASM_ACTION_H

/** @file
 *  @brief What a stream's callback tells the host to do next.
 */

#include <pwasm/base.h>

PWASM_BEGIN_DECLS

/** What the host is to do with a stream after a callback. */
typedef enum PwasmAction {
  /** Pass on what this callback was about. */
  PWASM_ACTION_CONTINUE = 0,
  /** Hold it back. From headers: the stream waits until it is resumed, and in Envoy no body callback
   *  comes before. (With `allow_on_headers_stop_iteration` in the plugin's configuration it does, and if
   *  it lets the body pass, the headers go on with it. For what must wait, in any case, there is
   *  pwasm_http_context_hold_request().) From a body: the host buffers,
   *  and the next body callback reports all that is buffered. */
  PWASM_ACTION_PAUSE = 1
} PwasmAction;

/** Who closed a connection. */
typedef enum PwasmPeer {
  PWASM_PEER_UNKNOWN = 0, /**< the host does not say */
  PWASM_PEER_LOCAL = 1,   /**< the host itself */
  PWASM_PEER_REMOTE = 2   /**< the other side */
} PwasmPeer;

PWASM_END_DECLS

#endif
