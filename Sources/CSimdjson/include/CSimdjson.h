#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes that must be readable behind the end of every line handed to the reader.
#define ASSAY_JSON_PADDING 64

/// What a field's value is. Containers are checked and skipped, never returned.
enum {
  ASSAY_JSON_NULL = 0,
  ASSAY_JSON_NUMBER = 1,
  ASSAY_JSON_STRING = 2,
  ASSAY_JSON_FALSE = 3,
  ASSAY_JSON_TRUE = 4,
  ASSAY_JSON_CONTAINER = 5
};

/// Outcomes of reading one line.
enum {
  ASSAY_JSON_OK = 0,
  ASSAY_JSON_NOT_JSON = 1,
  ASSAY_JSON_NOT_OBJECT = 2,
  ASSAY_JSON_TOO_DEEP = 3,
  ASSAY_JSON_BAD_UTF8 = 4,
  ASSAY_JSON_BAD_NUMBER = 5,
  ASSAY_JSON_BAD_STRING = 6,
  ASSAY_JSON_TOO_MANY_FIELDS = 7,
  ASSAY_JSON_NO_MEMORY = 8
};

/// One known field of the line just read. `string` lives until the next read.
typedef struct {
  int32_t name;
  int32_t type;
  double number;
  const char *_Nullable string;
  size_t length;
} assay_json_field;

typedef struct assay_json_reader assay_json_reader;

/// A reader of flat objects that knows `count` field names and returns their indices. NULL when
/// memory is short.
assay_json_reader *_Nullable assay_json_reader_new(const char *_Nonnull const *_Nonnull names,
                                                   size_t count, size_t max_line);
void assay_json_reader_free(assay_json_reader *_Nullable reader);

/// Reads one line as a strict JSON object: known fields into `fields`, in line order, repeats
/// included; unknown ones are checked and counted in `unknown`.
int32_t assay_json_read(assay_json_reader *_Nonnull reader, const uint8_t *_Nonnull line,
                        size_t length, assay_json_field *_Nonnull fields, size_t capacity,
                        size_t *_Nonnull count, size_t *_Nonnull unknown);

#ifdef __cplusplus
}
#endif

#include "assay_table.h"

#endif
