// A C door to std::from_chars: decimal text to the nearest double, whatever the locale.
#include <stdlib.h>
#include <locale.h>

#include <charconv>
#include <string>
#include <system_error>

#include "CSimdjson.h"

namespace {

bool is_digit(const char *text, const char *end) {
  return text < end && *text >= '0' && *text <= '9';
}

// from_chars does not tell too large from too small; strtod does, and rounds to zero or infinity.
double out_of_range(const char *text, const char *end) {
  static const locale_t plain = newlocale(LC_ALL_MASK, "C", nullptr);
  return strtod_l(std::string(text, end).c_str(), nullptr, plain);
}

}  // namespace

extern "C" size_t assay_number_read(const uint8_t *text, size_t length, double *number) {
  const char *begin = reinterpret_cast<const char *>(text);
  const char *end = begin + length;
  const char *digits = begin < end && (*begin == '-' || *begin == '+') ? begin + 1 : begin;
  // from_chars would read words for infinities and NaN as well.
  bool point = digits < end && *digits == '.';
  if (!is_digit(point ? digits + 1 : digits, end)) return 0;
  // It takes no plus sign.
  const char *first = begin < digits && *begin == '+' ? digits : begin;
  auto result = std::from_chars(first, end, *number);
  if (result.ec == std::errc::invalid_argument) return 0;
  if (result.ec != std::errc()) *number = out_of_range(first, result.ptr);
  return size_t(result.ptr - begin);
}
