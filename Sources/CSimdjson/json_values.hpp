// Values of a JSON object, checked to their end: what the readers of lines have in common.
#ifndef ASSAY_JSON_VALUES_HPP
#define ASSAY_JSON_VALUES_HPP

#include <simdjson.h>

#include <cstdint>
#include <string_view>

#include "CSimdjson.h"

namespace assay {

using namespace simdjson;

constexpr int kMaxDepth = 64;

inline int32_t outcome(error_code error) {
  switch (error) {
    case SUCCESS: return ASSAY_JSON_OK;
    case UTF8_ERROR: return ASSAY_JSON_BAD_UTF8;
    case NUMBER_ERROR:
    case NUMBER_OUT_OF_RANGE: return ASSAY_JSON_BAD_NUMBER;
    case STRING_ERROR:
    case UNESCAPED_CHARS:
    case UNCLOSED_STRING: return ASSAY_JSON_BAD_STRING;
    case DEPTH_ERROR: return ASSAY_JSON_TOO_DEEP;
    case MEMALLOC: return ASSAY_JSON_NO_MEMORY;
    default: return ASSAY_JSON_NOT_JSON;
  }
}

// On-Demand checks only what is asked for, so whatever is skipped has to be walked.
inline int32_t walk(ondemand::value value, int depth) {
  ondemand::json_type type;
  if (auto error = value.type().get(type)) return outcome(error);
  switch (type) {
    case ondemand::json_type::object: {
      if (depth == 0) return ASSAY_JSON_TOO_DEEP;
      ondemand::object object;
      if (auto error = value.get_object().get(object)) return outcome(error);
      for (auto item : object) {
        ondemand::field field;
        if (auto error = std::move(item).get(field)) return outcome(error);
        std::string_view key;
        if (auto error = field.unescaped_key().get(key)) return outcome(error);
        if (int32_t code = walk(field.value(), depth - 1)) return code;
      }
      return ASSAY_JSON_OK;
    }
    case ondemand::json_type::array: {
      if (depth == 0) return ASSAY_JSON_TOO_DEEP;
      ondemand::array array;
      if (auto error = value.get_array().get(array)) return outcome(error);
      for (auto item : array) {
        ondemand::value element;
        if (auto error = std::move(item).get(element)) return outcome(error);
        if (int32_t code = walk(element, depth - 1)) return code;
      }
      return ASSAY_JSON_OK;
    }
    case ondemand::json_type::string: {
      std::string_view text;
      return outcome(value.get_string().get(text));
    }
    case ondemand::json_type::number: {
      double number;
      return outcome(value.get_double().get(number));
    }
    case ondemand::json_type::boolean: {
      bool flag;
      return outcome(value.get_bool().get(flag));
    }
    case ondemand::json_type::null: {
      bool null = false;
      if (auto error = value.is_null().get(null)) return outcome(error);
      return null ? ASSAY_JSON_OK : ASSAY_JSON_NOT_JSON;
    }
    default:
      return ASSAY_JSON_NOT_JSON;
  }
}

inline int32_t take(ondemand::value value, assay_json_field &field) {
  ondemand::json_type type;
  if (auto error = value.type().get(type)) return outcome(error);
  switch (type) {
    case ondemand::json_type::number:
      field.type = ASSAY_JSON_NUMBER;
      return outcome(value.get_double().get(field.number));
    case ondemand::json_type::string: {
      std::string_view text;
      if (auto error = value.get_string().get(text)) return outcome(error);
      field.type = ASSAY_JSON_STRING;
      field.string = text.data();
      field.length = text.size();
      return ASSAY_JSON_OK;
    }
    case ondemand::json_type::boolean: {
      bool flag;
      if (auto error = value.get_bool().get(flag)) return outcome(error);
      field.type = flag ? ASSAY_JSON_TRUE : ASSAY_JSON_FALSE;
      return ASSAY_JSON_OK;
    }
    case ondemand::json_type::null:
      field.type = ASSAY_JSON_NULL;
      return walk(value, 0);
    default:
      field.type = ASSAY_JSON_CONTAINER;
      return walk(value, kMaxDepth);
  }
}

}  // namespace assay

#endif
