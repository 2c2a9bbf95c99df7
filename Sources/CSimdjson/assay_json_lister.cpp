// Strict flat objects whose keys are learnt from the lines themselves.
#include <cmath>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "json_values.hpp"

using namespace assay;

struct assay_json_lister {
  struct Guess {
    std::string key;
    int32_t number;
  };

  ondemand::parser parser;
  std::unordered_map<std::string, int32_t> numbers;
  // Lines repeat one order of keys: what stood here last is tried first.
  std::vector<Guess> guesses;
  std::vector<assay_json_member> members;

  bool guess(size_t position, const char *raw, int32_t &number) const {
    if (position >= guesses.size()) return false;
    const Guess &guess = guesses[position];
    if (guess.number < 0) return false;
    if (std::memcmp(raw, guess.key.data(), guess.key.size()) != 0) return false;
    if (raw[guess.key.size()] != '"') return false;
    number = guess.number;
    return true;
  }

  void remember(size_t position, std::string key, int32_t number) {
    if (position >= guesses.size()) guesses.resize(position + 1, Guess{{}, -1});
    // Comparing may read as far behind the line as the key is long, and it compares escaped text.
    bool usable = key.size() < ASSAY_JSON_PADDING && key.find_first_of("\"\\") == key.npos;
    guesses[position] = Guess{std::move(key), usable ? number : -1};
  }
};

namespace {

int32_t take_member(ondemand::value value, assay_json_field &field) {
  ondemand::json_type type;
  if (auto error = value.type().get(type)) return outcome(error);
  if (type != ondemand::json_type::number) return take(value, field);
  std::string_view token = value.raw_json_token();
  int32_t code = take(value, field);
  if (code != ASSAY_JSON_BAD_NUMBER) return code;
  while (!token.empty() && std::strchr(" \t\r\n", token.back())) token.remove_suffix(1);
  auto *text = reinterpret_cast<const uint8_t *>(token.data());
  if (assay_number_read(text, token.size(), &field.number) != token.size()) return code;
  if (std::isfinite(field.number)) return code;
  field.type = ASSAY_JSON_INFINITE;
  return ASSAY_JSON_OK;
}

}  // namespace

extern "C" assay_json_lister *assay_json_lister_new(void) {
  return new (std::nothrow) assay_json_lister;
}

extern "C" void assay_json_lister_free(assay_json_lister *lister) { delete lister; }

extern "C" void assay_json_lister_name(assay_json_lister *lister, const char *key, size_t length,
                                       int32_t number) {
  lister->numbers.insert_or_assign(std::string(key, length), number);
}

extern "C" int32_t assay_json_lister_read(assay_json_lister *lister, const uint8_t *line,
                                          size_t length, const assay_json_member **members,
                                          size_t *count) {
  lister->members.clear();
  // RFC 8259 forbids writers a byte order mark; some versions of simdjson pass over it.
  if (length >= 3 && std::memcmp(line, "\xEF\xBB\xBF", 3) == 0) return ASSAY_JSON_NOT_JSON;
  ondemand::document document;
  padded_string_view view(reinterpret_cast<const char *>(line), length,
                          length + ASSAY_JSON_PADDING);
  if (auto error = lister->parser.iterate(view).get(document)) return outcome(error);
  ondemand::object object;
  if (auto error = document.get_object().get(object)) {
    return error == INCORRECT_TYPE ? ASSAY_JSON_NOT_OBJECT : outcome(error);
  }
  for (auto item : object) {
    ondemand::field field;
    if (auto error = std::move(item).get(field)) return outcome(error);
    assay_json_member member{};
    size_t position = lister->members.size();
    if (!lister->guess(position, field.key().raw(), member.value.name)) {
      std::string_view key;
      if (auto error = field.unescaped_key().get(key)) return outcome(error);
      std::string owned(key);
      auto known = lister->numbers.find(owned);
      member.value.name = known == lister->numbers.end() ? -1 : known->second;
      member.key = key.data();
      member.key_length = key.size();
      lister->remember(position, std::move(owned), member.value.name);
    }
    if (int32_t code = take_member(field.value(), member.value)) return code;
    lister->members.push_back(member);
  }
  // A location behind the object is something more on the line.
  const char *rest;
  if (document.current_location().get(rest) == SUCCESS) return ASSAY_JSON_NOT_JSON;
  *members = lister->members.data();
  *count = lister->members.size();
  return ASSAY_JSON_OK;
}
