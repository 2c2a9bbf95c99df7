/// The bytes that JSON gives a meaning.
enum JSONByte {
  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// Whether `byte` may stand behind a backslash.
  static func isEscape(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "u") || plainEscape(byte) != nil
  }

  static func hexValue(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  private static func plainEscape(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): UInt16(byte)
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// The text of a string's inside whose escapes are well formed; `nil` for what is not Unicode.
  static func unescaped(_ inner: ArraySlice<UInt8>) -> String? {
    guard let raw = String(validating: inner, as: UTF8.self) else { return nil }
    var units: [UInt16] = []
    var source = raw.utf16.makeIterator()
    while let unit = source.next() {
      guard unit == UInt16(UInt8(ascii: "\\")) else {
        units.append(unit)
        continue
      }
      guard let letter = source.next().map({ UInt8(truncatingIfNeeded: $0) }) else { return nil }
      if let plain = plainEscape(letter) {
        units.append(plain)
        continue
      }
      var code: UInt16 = 0
      for _ in 0..<4 {
        guard let digit = source.next().flatMap({ hexValue(UInt8(truncatingIfNeeded: $0)) })
        else { return nil }
        code = code << 4 | digit
      }
      units.append(code)
    }
    return String(validating: units, as: UTF16.self)
  }

  /// Whether `byte` begins and ends a token by itself, whatever stands beside it.
  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "\""):
      true
    default: false
    }
  }

  /// Appends JSON text without the white space between its tokens.
  ///
  /// Where white space parts two bytes that would be one number or word without it, which it does
  /// in no JSON, one space stays: what is no JSON must not pass for the JSON that it would become.
  static func appendCompact(_ text: ArraySlice<UInt8>, to output: inout [UInt8]) {
    var isInString = false
    var isEscaped = false
    // Whether the last byte is one of a number or a word, and whether white space came behind it.
    var isInWord = false
    var isParted = false
    for byte in text {
      if isInString {
        output.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
      } else if isSpace(byte) {
        isParted = isInWord
      } else {
        let isWord = !isMark(byte)
        if isParted && isWord { output.append(UInt8(ascii: " ")) }
        output.append(byte)
        isInWord = isWord
        isParted = false
        isInString = byte == UInt8(ascii: "\"")
      }
    }
  }
}
