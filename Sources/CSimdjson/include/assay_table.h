#ifndef ASSAY_TABLE_H
#define ASSAY_TABLE_H

#include "CSimdjson.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A field's type besides those of `assay_json_field`: a number beyond the largest double.
enum { ASSAY_JSON_INFINITE = 6 };

/// Reads the decimal number that `text` begins with, rounded to the nearest double: digits with an
/// optional sign, point and exponent. A number too large for a double is an infinity, one too small
/// is zero.
///
/// Returns the bytes it takes up: the longest number there is, 0 if there is none.
size_t assay_number_read(const uint8_t *_Nonnull text, size_t length, double *_Nonnull number);

/// One member of a line's object. `value.name` is the number given to its key, or −1 for a key not
/// given one yet, whose text `key` then is. Text lives until the next read.
typedef struct {
  assay_json_field value;
  const char *_Nullable key;
  size_t key_length;
} assay_json_member;

typedef struct assay_json_lister assay_json_lister;

/// A reader of flat objects that returns every member and learns keys on the way. NULL when memory
/// is short.
assay_json_lister *_Nullable assay_json_lister_new(void);
void assay_json_lister_free(assay_json_lister *_Nullable lister);

/// Gives a key its number, not below 0.
void assay_json_lister_name(assay_json_lister *_Nonnull lister, const char *_Nonnull key,
                            size_t length, int32_t number);

/// Reads one line as a strict JSON object: its members in line order, repeats included. They live
/// until the next read. Returns ASSAY_JSON_OK or what is wrong.
int32_t assay_json_lister_read(assay_json_lister *_Nonnull lister, const uint8_t *_Nonnull line,
                               size_t length,
                               const assay_json_member *_Nullable *_Nonnull members,
                               size_t *_Nonnull count);

#ifdef __cplusplus
}
#endif
#endif
