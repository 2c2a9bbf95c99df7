// A C door to simdjson's On-Demand parser: strict flat objects, known names by index.
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "json_values.hpp"

using namespace assay;

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
