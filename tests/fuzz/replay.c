/* Runs a fuzz target on files, and on all the files of folders, in place of libFuzzer's main(). */

#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"

static size_t num_inputs;

static void
replay_file(const char *path)
{
  FILE *file = fopen(path, "rb");
  uint8_t *bytes;
  long size;

  if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
    perror(path);
    exit(2);
  }
  rewind(file);
  /* Exactly so many bytes, so that reading past them is seen. */
  bytes = malloc((size_t)size + (size == 0));
  if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size) {
    perror(path);
    exit(2);
  }
  fclose(file);
  /* Whatever ends this program, its last line says on which input. */
  fprintf(stderr, "%s\n", path);
  LLVMFuzzerTestOneInput(bytes, (size_t)size);
  free(bytes);
  num_inputs++;
}

static void
replay_folder(const char *path)
{
  struct dirent **entries;
  int count = scandir(path, &entries, NULL, alphasort);
  char child[4096];

  for (int i = 0; i < count; i++) {
    if (entries[i]->d_name[0] != '.') {
      if ((size_t)snprintf(child, sizeof child, "%s/%s", path, entries[i]->d_name) >= sizeof child)
        exit(2);
      replay_file(child);
    }
    free(entries[i]);
  }
  if (count >= 0)
    free(entries);
}

int
main(int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    struct stat status;

    if (stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode))
      replay_folder(argv[i]);
    else
      replay_file(argv[i]);
  }
  printf("%zu inputs\n", num_inputs);
  return num_inputs == 0;
}
