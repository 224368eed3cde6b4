#ifndef PATH_LIST_H
#define PATH_LIST_H

#include <pwasm/pwasm.h>

/* Some paths, in memory of a fixed size: who fills the list can't exhaust that of the VM. */

#define PATH_LIST_CAPACITY 64
#define PATH_LIST_MAX_PATH_SIZE 127

typedef struct PathListEntry {
  uint8_t size;
  char bytes[PATH_LIST_MAX_PATH_SIZE];
} PathListEntry;

/* {0} is an empty list. */
typedef struct PathList {
  size_t num_entries;
  PathListEntry entries[PATH_LIST_CAPACITY];
} PathList;

bool path_list_contains(const PathList *list, PwasmStr path);

/* False: the list is full, or the path too long. */
bool path_list_add(PathList *list, PwasmStr path);

void path_list_remove(PathList *list, PwasmStr path);

#endif
