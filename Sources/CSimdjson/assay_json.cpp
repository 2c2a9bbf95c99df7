// A C door to simdjson's On-Demand parser: strict flat objects, known names by index.
#include "CSimdjson.h"

#include <simdjson.h>

#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <vector>

using namespace simdjson;

namespace {

constexpr int kMaxDepth = 64;

int32_t outcome(error_code error) {
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
int32_t walk(ondemand::value value, int depth) {
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

int32_t take(ondemand::value value, assay_json_field &field) {
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

}  // namespace

struct assay_json_reader {
  ondemand::parser parser;
  std::vector<std::string> names;
  // Logs repeat one order of fields for long stretches: what stood here last is tried first.
  std::vector<int32_t> guesses;

  int32_t find(std::string_view name) const {
    for (size_t i = 0; i < names.size(); i++) {
      if (names[i] == name) return int32_t(i);
    }
    return -1;
  }

  // Comparing with a guess may read as far behind the line as the guess is long.
  bool guessable(int32_t name) const {
    return name >= 0 && names[size_t(name)].size() < ASSAY_JSON_PADDING;
  }
};

extern "C" assay_json_reader *assay_json_reader_new(const char *const *names, size_t count,
                                                    size_t max_line) {
  auto *reader = new (std::nothrow) assay_json_reader;
  if (!reader) return nullptr;
  for (size_t i = 0; i < count; i++) reader->names.emplace_back(names[i]);
  if (reader->parser.allocate(max_line) != SUCCESS) {
    delete reader;
    return nullptr;
  }
  return reader;
}

extern "C" void assay_json_reader_free(assay_json_reader *reader) { delete reader; }

extern "C" int32_t assay_json_read(assay_json_reader *reader, const uint8_t *line, size_t length,
                                   assay_json_field *fields, size_t capacity, size_t *count,
                                   size_t *unknown) {
  size_t known = 0, ignored = 0, position = 0;
  // RFC 8259 forbids writers a byte order mark; some versions of simdjson pass over it.
  if (length >= 3 && std::memcmp(line, "\xEF\xBB\xBF", 3) == 0) return ASSAY_JSON_NOT_JSON;
  ondemand::document document;
  padded_string_view view(reinterpret_cast<const char *>(line), length,
                          length + ASSAY_JSON_PADDING);
  if (auto error = reader->parser.iterate(view).get(document)) return outcome(error);
  ondemand::object object;
  if (auto error = document.get_object().get(object)) {
    return error == INCORRECT_TYPE ? ASSAY_JSON_NOT_OBJECT : outcome(error);
  }
  for (auto item : object) {
    ondemand::field field;
    if (auto error = std::move(item).get(field)) return outcome(error);
    int32_t name = -1;
    if (position < reader->guesses.size() && reader->guesses[position] >= 0) {
      const std::string &guess = reader->names[size_t(reader->guesses[position])];
      const char *raw = field.key().raw();
      if (std::memcmp(raw, guess.data(), guess.size()) == 0 && raw[guess.size()] == '"') {
        name = reader->guesses[position];
      }
    }
    if (name < 0) {
      std::string_view key;
      if (auto error = field.unescaped_key().get(key)) return outcome(error);
      name = reader->find(key);
      if (position >= reader->guesses.size()) reader->guesses.resize(position + 1, -1);
      reader->guesses[position] = reader->guessable(name) ? name : -1;
    }
    position += 1;
    if (name < 0) {
      ignored += 1;
      if (int32_t code = walk(field.value(), kMaxDepth)) return code;
      continue;
    }
    if (known == capacity) return ASSAY_JSON_TOO_MANY_FIELDS;
    fields[known].name = name;
    if (int32_t code = take(field.value(), fields[known])) return code;
    known += 1;
  }
  // A location behind the object is something more on the line.
  const char *rest;
  if (document.current_location().get(rest) == SUCCESS) return ASSAY_JSON_NOT_JSON;
  *count = known;
  *unknown = ignored;
  return ASSAY_JSON_OK;
}
