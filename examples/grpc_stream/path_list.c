#include "path_list.h"

#include <string.h>

/* The number of entries if it is not there. */
static size_t
find(const PathList *list, PwasmStr path)
{
  size_t i = 0;

  while (i < list->num_entries &&
         !pwasm_str_equal(pwasm_str(list->entries[i].bytes, list->entries[i].size), path))
    i++;
  return i;
}

bool
path_list_contains(const PathList *list, PwasmStr path)
{
  return find(list, path) < list->num_entries;
}

bool
path_list_add(PathList *list, PwasmStr path)
{
  PathListEntry *entry;

  if (path_list_contains(list, path))
    return true;
  if (list->num_entries == PATH_LIST_CAPACITY || path.len > PATH_LIST_MAX_PATH_SIZE)
    return false;
  entry = &list->entries[list->num_entries++];
  entry->size = (uint8_t)path.len;
  memcpy(entry->bytes, path.data, path.len);
  return true;
}

void
path_list_remove(PathList *list, PwasmStr path)
{
  size_t i = find(list, path);

  if (i < list->num_entries)
    list->entries[i] = list->entries[--list->num_entries];
}
