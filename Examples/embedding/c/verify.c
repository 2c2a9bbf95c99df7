/* Judges a request from C: verify CONFIGURATION REQUEST, both files. Prints the answer. */
#include <assay.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
  char *bytes;
  size_t size;
};

static struct text read_file(const char *path) {
  struct text text = {NULL, 0};
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    exit(1);
  }
  text.size = (size_t)ftell(file);
  rewind(file);
  text.bytes = malloc(text.size + 1);
  if (!text.bytes || fread(text.bytes, 1, text.size, file) != text.size) {
    perror(path);
    exit(1);
  }
  fclose(file);
  return text;
}

struct call {
  const assay_verifier *verifier;
  struct text request;
  struct text answer;
  int32_t status;
};

static void *verify(void *argument) {
  struct call *call = argument;
  call->status = assay_verify(call->verifier, call->request.bytes, call->request.size,
                              &call->answer.bytes, &call->answer.size);
  return NULL;
}

/* What goes wrong comes back as a status and a text, never as a crash. */
static void check_errors(const assay_verifier *verifier) {
  char *text = NULL;
  if (assay_verify(verifier, "{}", 2, &text, NULL) != ASSAY_BAD_REQUEST) exit(1);
  fprintf(stderr, "a malformed request: %s\n", text);
  assay_free(text);
  if (assay_verify(verifier, NULL, 0, &text, NULL) != ASSAY_BAD_ARGUMENT) exit(1);
  assay_free(text);
  assay_verifier *none = NULL;
  if (assay_verifier_new("{}", 2, &none, &text) != ASSAY_BAD_CONFIGURATION || none) exit(1);
  assay_free(text);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: verify CONFIGURATION REQUEST\n");
    return 2;
  }
  if (assay_abi_version() != 1) return 1;
  struct text configuration = read_file(arguments[1]);
  struct text request = read_file(arguments[2]);
  assay_verifier *verifier = NULL;
  char *error = NULL;
  if (assay_verifier_new(configuration.bytes, configuration.size, &verifier, &error) != ASSAY_OK) {
    fprintf(stderr, "%s\n", error);
    assay_free(error);
    return 1;
  }
  check_errors(verifier);

  /* One verifier serves all threads. */
  enum { threads = 4 };
  pthread_t ids[threads];
  struct call calls[threads];
  for (int i = 0; i < threads; i++) {
    calls[i] = (struct call){verifier, request, {NULL, 0}, ASSAY_OK};
    if (pthread_create(&ids[i], NULL, verify, &calls[i]) != 0) return 1;
  }
  for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
  int failed = 0;
  for (int i = 0; i < threads; i++) {
    failed |= calls[i].status != ASSAY_OK || calls[i].answer.size != calls[0].answer.size ||
              memcmp(calls[i].answer.bytes, calls[0].answer.bytes, calls[0].answer.size) != 0;
  }
  puts(calls[0].answer.bytes);
  for (int i = 0; i < threads; i++) assay_free(calls[i].answer.bytes);
  assay_verifier_free(verifier);
  free(configuration.bytes);
  free(request.bytes);
  fprintf(stderr, "judged by assay %s from C\n", assay_version());
  return failed;
}
