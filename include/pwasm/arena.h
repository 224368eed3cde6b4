#ifndef PWASM_ARENA_H
#define PWASM_ARENA_H

/** @file
 *  @brief Memory by lifetime: allocate piecemeal, release all at once.
 *
 *  Each context has an arena (pwasm_context_arena()), which ends with the context. What hostcalls
 *  return lies in the scratch arena (pwasm_scratch()), which is rewound when the callback
 *  returns. No pwasm function returns memory for the caller to free.
 *
 *  An arena takes blocks from a pool of the VM and gives them back, so a plugin in its steady state
 *  asks nobody for memory. In debug and native builds memory that was rewound is poisoned.
 */

#include <pwasm/base.h>
#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** A run of memory in an arena; private. */
typedef struct PwasmBlock PwasmBlock;
/** A function to be called when an arena is reset; private. */
typedef struct PwasmCleanup PwasmCleanup;

/** An arena. `{0}` is an empty one, ready for use. The members are private. */
typedef struct PwasmArena {
  char *next;             /**< where the next allocation goes */
  PwasmBlock *block;      /**< the newest block, linked to the older ones */
  PwasmCleanup *cleanups; /**< newest first */
} PwasmArena;

/** A place in the life of an arena, to which it can be rewound. */
typedef struct PwasmArenaMark {
  PwasmArena then; /**< private: the arena as it was */
} PwasmArenaMark;

/** Allocates; the bytes are not initialised.
 *
 *  @param arena  where
 *  @param size   bytes; 0 gives a pointer that must not be dereferenced
 *  @return aligned for any type; NULL when the memory is at its limit
 *  @lifetime{the memory, until the arena is reset\, or rewound to an earlier mark}
 */
PWASM_NODISCARD void *pwasm_arena_alloc(PwasmArena *arena, size_t size);

/** Allocates an array of zero bytes.
 *
 *  @param arena  where
 *  @param count  elements
 *  @param size   bytes of an element
 *  @return aligned for any type; NULL when the memory is at its limit or the product overflows
 *  @lifetime{the memory, until the arena is reset\, or rewound to an earlier mark}
 */
PWASM_NODISCARD void *pwasm_arena_alloc_zero(PwasmArena *arena, size_t count, size_t size);

/** Allocates one zeroed @p T; its value is a `T *`, NULL when the memory is at its limit. */
#define PWASM_ARENA_NEW(arena, T) ((T *)pwasm_arena_alloc_zero((arena), 1, sizeof(T)))

/** Allocates @p count zeroed @p T; its value is a `T *`, NULL when the memory is at its limit. */
#define PWASM_ARENA_NEW_ARRAY(arena, T, count)                                                     \
  ((T *)pwasm_arena_alloc_zero((arena), (count), sizeof(T)))

/** Asks for a function to be called when the arena is reset, finalized, or rewound to before now.
 *
 *  Cleanups run newest first, while the arena's memory is still valid.
 *
 *  @param arena  the arena
 *  @param run    the function; it gets @p data
 *  @param data   borrowed; must live as long as the arena does
 *  @retval PWASM_STATUS_OK             noted
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  not noted: @p run will not be called
 */
PWASM_NODISCARD PwasmStatus pwasm_arena_add_cleanup(PwasmArena *arena, void (*run)(void *data),
                                                    void *data);

/** Holds a reference to a context until the arena is reset.
 *
 *  @param arena  the arena; not the context's own, which would keep both alive for ever
 *  @param ctx    the context
 *  @retval PWASM_STATUS_OK             held
 *  @retval PWASM_STATUS_BAD_ARGUMENT   @p arena is the arena of @p ctx
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  not held
 */
PWASM_NODISCARD PwasmStatus pwasm_arena_hold(PwasmArena *arena, PwasmContext *ctx);

/** Notes the present state of an arena.
 *
 *  @param arena  the arena
 *  @return a mark for pwasm_arena_rewind(); valid until the arena is reset or rewound past it
 */
static inline PwasmArenaMark
pwasm_arena_mark(const PwasmArena *arena)
{
  PwasmArenaMark mark;

  mark.then = *arena;
  return mark;
}

/** @cond private */
void pwasm__arena_rewind(PwasmArena *arena, char *next, PwasmBlock *block, PwasmCleanup *cleanups);
/** @endcond */

/** Releases all that was allocated since a mark and runs the cleanups added since.
 *
 *  @param arena  the arena
 *  @param mark   a mark of this arena
 */
static inline void
pwasm_arena_rewind(PwasmArena *arena, PwasmArenaMark mark)
{
  pwasm__arena_rewind(arena, mark.then.next, mark.then.block, mark.then.cleanups);
}

/** Runs all cleanups and releases all that the author allocated.
 *
 *  The arena of a context may be reset early: the context itself stays.
 *
 *  @param arena  the arena
 */
void pwasm_arena_reset(PwasmArena *arena);

/** The scratch arena: where hostcalls put what they return.
 *
 *  It may be used for short-lived data of one's own, in callbacks and outside of them.
 *
 *  @return the arena of the current VM
 *  @lifetime{its contents, until the outermost callback returns}
 */
PwasmArena *pwasm_scratch(void);

/** @cond private: see pwasm_str_dup() */
PwasmStatus pwasm__bytes_dup(PwasmArena *arena, const char *data, size_t len, PwasmStr *ret_copy);
/** @endcond */

/** Copies bytes, to keep what a hostcall returned.
 *
 *  The copy is followed by a NUL, which is not counted. The copy of a missing value is missing.
 *
 *  @param      arena     where the copy goes
 *  @param      str       what to copy
 *  @param[out] ret_copy  the copy; untouched on failure
 *  @lifetime{ret_copy, until the arena is reset}
 *  @retval PWASM_STATUS_OK             copied
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_str_dup(PwasmArena *arena, PwasmStr str, PwasmStr *ret_copy)
{
  return pwasm__bytes_dup(arena, str.data, str.len, ret_copy);
}

/** Joins views to one.
 *
 *  The text is followed by a NUL, which is not counted.
 *
 *  @param      arena      where the text goes
 *  @param      parts      borrowed for the call; a missing value adds nothing
 *  @param      num_parts  elements of @p parts
 *  @param[out] ret_text   the text, never missing; untouched on failure
 *  @lifetime{ret_text, until the arena is reset}
 *  @retval PWASM_STATUS_OK             joined
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 */
PWASM_NODISCARD PwasmStatus pwasm_str_join(PwasmArena *arena, const PwasmStr *parts,
                                           size_t num_parts, PwasmStr *ret_text);

/** Formats into an arena, as pwasm_logf() does.
 *
 *  The text is followed by a NUL, which is not counted.
 *
 *  @param      arena     where the text goes
 *  @param[out] ret_text  the text; untouched on failure
 *  @param      format    see pwasm_logf()
 *  @lifetime{ret_text, until the arena is reset}
 *  @retval PWASM_STATUS_OK             formatted
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 */
PWASM_NODISCARD PWASM_PRINTF(3, 4) PwasmStatus
  pwasm_str_format(PwasmArena *arena, PwasmStr *ret_text, const char *format, ...);

PWASM_END_DECLS

#endif
