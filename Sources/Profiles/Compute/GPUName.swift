/// The key under which names of one GPU model meet, however they are written.
///
/// The steps and their order are those of the reference table's datasheet, "Key: the
/// normalisation"; the table's own keys were made by the same steps.
enum GPUName {
  /// The key of a model's name; `nil` where nothing is left of it (an integrated part's generic
  /// name).
  static func key(for name: String) -> String? {
    var words = separated(name).flatMap(split)
    words = words.flatMap(unified)
    words.removeAll { ignored.contains($0) }
    words = withoutNextWordPrefixes(withoutMemorySizes(words))
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  /// Lower-case words between separators, trade marks taken out.
  private static func separated(_ name: String) -> [String] {
    let scalars = Array(name.lowercased().unicodeScalars)
    var words: [String] = []
    var word = ""
    var index = 0
    while index < scalars.count {
      let mark = tradeMarkLength(scalars, at: index)
      if mark > 0 || isSeparator(scalars[index]) {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.unicodeScalars.append(scalars[index])
      }
      index += max(mark, 1)
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  private static func tradeMarkLength(_ scalars: [Unicode.Scalar], at index: Int) -> Int {
    switch scalars[index] {
    case "™", "®": 1
    case "(":
      if scalars[index...].starts(with: "(tm)".unicodeScalars) {
        4
      } else {
        scalars[index...].starts(with: "(r)".unicodeScalars) ? 3 : 0
      }
    default: 0
    }
  }

  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "-", "_", "(", ")", "[", "]", ",": true
    default: scalar.properties.isWhitespace
    }
  }

  /// `rtx3080ti` as `rtx`, `3080`, `ti`.
  private static func split(_ word: String) -> [String] {
    for family in ["rtx", "gtx", "gt", "rx"] where word.utf8.starts(with: family.utf8) {
      let rest = word.dropFirst(family.count)
      if startsWithNumber(rest.first == "a" ? rest.dropFirst() : rest) {
        return [family] + splitSuffix(String(rest))
      }
    }
    return splitSuffix(word)
  }

  /// `3080ti` as `3080`, `ti`.
  private static func splitSuffix(_ word: String) -> [String] {
    let digits = word.prefix(while: isDigit)
    let suffix = word.dropFirst(digits.count)
    guard (3...4).contains(digits.count), suffixes.contains(String(suffix)) else { return [word] }
    return [String(digits), String(suffix)]
  }

  private static let suffixes: Set<String> = ["ti", "super", "xt", "xtx", "gre", "d"]

  private static func unified(_ word: String) -> [String] {
    switch word {
    case "mobile", "notebook": ["laptop"]
    case "maxq": ["max", "q"]
    default: [word]
    }
  }

  private static let ignored = Set(
    """
    nvidia corporation amd ati geforce tesla radeon instinct generation gen graphics series gpu \
    card accelerator with design edition founders blackwell lovelace workstation server lhr sxm \
    sxm2 sxm3 sxm4 sxm5 sxm6 ac pci pcie nvl oam hbm2 hbm2e hbm3 hbm3e
    """.split(separator: " ").map(String.init))

  /// Without `24gb`, and without `24` before `gb`.
  private static func withoutMemorySizes(_ words: [String]) -> [String] {
    var kept: [String] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      let digits = word.prefix(while: isDigit)
      let unit = word.dropFirst(digits.count)
      let next = index + 1 < words.count ? words[index + 1] : ""
      if digits.isEmpty {
        kept.append(word)
      } else if unit.isEmpty, next == "gb" || next == "gib" {
        index += 1
      } else if unit != "g" && unit != "gb" && unit != "gib" {
        kept.append(word)
      }
      index += 1
    }
    return kept
  }

  /// Without a `quadro` or `rtx` that the next word makes redundant (`Quadro P2000`, `RTX A4000`).
  private static func withoutNextWordPrefixes(_ words: [String]) -> [String] {
    words.indices.filter { index in
      guard index + 1 < words.count, let letter = words[index + 1].first else { return true }
      guard startsWithNumber(words[index + 1].dropFirst()) else { return true }
      switch words[index] {
      case "quadro": return letter != "k" && letter != "m" && letter != "p"
      case "rtx": return letter != "a"
      default: return true
      }
    }.map { words[$0] }
  }

  private static func startsWithNumber(_ text: Substring) -> Bool {
    text.first.map(isDigit) ?? false
  }

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && character.isNumber
  }
}
