/* Assay: verdicts on the physical contributions of decentralised networks, in process.
 *
 * The library behind this header is the verifier that the nightly run and the HTTP and gRPC services
 * use. Texts are JSON in UTF-8; their shapes are those of the service (depin.verifier.v1).
 *
 * Threads: every function may be called from any thread at any time; one verifier serves any number of
 * threads at once. A call works on the thread that makes it: the library starts no threads and waits
 * for none, so two calls from two threads run on two cores. Stacks of 512 KiB are enough.
 *
 * Memory: what a function hands out through a char ** is the caller's, ends with a NUL that its size
 * does not count, and is given back by assay_free. What the caller hands in is copied before the
 * function returns. A verifier is given back by assay_verifier_free once no call with it is running.
 *
 * Errors: a function returns ASSAY_OK or why not; then the text handed out is
 * {"error":{"code":"…","message":"…"}}. An error is never a pass. What is wrong with single items or
 * records is no error of the call: it is in the answer.
 */
#ifndef ASSAY_H
#define ASSAY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What functions return. */
enum {
  ASSAY_OK = 0,
  /* The request is malformed: asking again is of no use. The code in the text says how. */
  ASSAY_BAD_REQUEST = 1,
  /* The configuration, or a file it names, cannot be used. */
  ASSAY_BAD_CONFIGURATION = 2,
  /* NULL where something has to be. */
  ASSAY_BAD_ARGUMENT = 3,
  /* No memory for the text; nothing was handed out. */
  ASSAY_NO_MEMORY = 4
};

/* Profiles with their models and policies. Never changes; make another to use other files. */
typedef struct assay_verifier assay_verifier;

/* The version of the software, such as "0.1.0"; never to be freed. */
const char *assay_version(void);

/* The version of this header's functions; 1. A library of another version is not for this header. */
uint32_t assay_abi_version(void);

/* Makes a verifier.
 *
 * configuration, size: JSON such as
 *   {"profiles":[{"profile":"wireless","model":"wireless.safetensors","policy":"policy.json"}],
 *    "limits":{"max_items":1000,"max_records":100000,"max_bytes":33554432,"max_deadline_ms":30000}}
 *   profile: one that comes with Assay, or the path of a profile file (.yaml).
 *   model: a model file; without one the nodes of a request judge each other.
 *   policy: a policy file; without one the standard policy applies.
 *   limits: any of the four; these are the defaults.
 *   Members other than these are refused by name.
 * verifier: where the verifier is put; NULL there after an error.
 * error: where the error's text is put; NULL there after ASSAY_OK.
 *
 * Returns ASSAY_OK, ASSAY_BAD_CONFIGURATION, ASSAY_BAD_ARGUMENT or ASSAY_NO_MEMORY.
 */
int32_t assay_verifier_new(const char *configuration, size_t size, assay_verifier **verifier,
                           char **error);

/* Gives a verifier back. NULL is allowed. */
void assay_verifier_free(assay_verifier *verifier);

/* What the verifier is and can judge: name, version, profiles with their digests and reason tables,
 * limits. output_size may be NULL.
 */
int32_t assay_describe(const assay_verifier *verifier, char **output, size_t *output_size);

/* Judges a request: JSON in, canonical JSON (RFC 8785) out.
 *
 * The answer to the same request is the same bytes on every machine, but for items that ran out of
 * time (status TRANSIENT). output_size may be NULL.
 *
 * Returns ASSAY_OK, ASSAY_BAD_REQUEST, ASSAY_BAD_ARGUMENT or ASSAY_NO_MEMORY.
 */
int32_t assay_verify(const assay_verifier *verifier, const char *request, size_t size,
                     char **output, size_t *output_size);

/* Gives back a text that a function handed out. NULL is allowed. */
void assay_free(void *text);

#ifdef __cplusplus
}
#endif

#endif
