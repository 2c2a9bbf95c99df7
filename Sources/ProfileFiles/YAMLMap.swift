import Yams

/// A YAML mapping read key by key, which remembers what was asked for and collects mistakes.
final class YAMLMap {
  let node: Node
  private let mistakes: MistakeList
  private var entries: [(key: String, node: Node, value: Node)] = []
  private var asked: Set<String> = []

  /// Reports a mistake where `node` is no mapping; such a map has no keys.
  init(_ node: Node, _ mistakes: MistakeList, what: String) {
    self.node = node
    self.mistakes = mistakes
    guard let mapping = node.mapping else {
      mistakes.add(node, "\(what) has to be a mapping (key: value)")
      return
    }
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        mistakes.add(key, "a key has to be a word")
        continue
      }
      entries.append((name, key, value))
    }
  }

  /// The keys in the order of the file, with their values.
  var all: [(key: String, node: Node, value: Node)] { entries }

  func value(_ key: String) -> Node? {
    asked.insert(key)
    return entries.first { $0.key == key }?.value
  }

  func string(_ key: String) -> String? {
    guard let value = value(key) else { return nil }
    guard let scalar = value.scalar else {
      mistakes.add(value, "\(key) has to be a text")
      return nil
    }
    return scalar.string
  }

  func number(_ key: String) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.float, number.isFinite else {
      mistakes.add(value, "\(key) has to be a number")
      return nil
    }
    return number
  }

  func integer(_ key: String, in allowed: ClosedRange<Int>) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.int, allowed.contains(number) else {
      mistakes.add(
        value, "\(key) has to be a whole number, \(allowed.lowerBound) to \(allowed.upperBound)")
      return nil
    }
    return number
  }

  /// One of a few words.
  func choice<Value>(_ key: String, _ choices: [(String, Value)]) -> Value? {
    guard let value = value(key) else { return nil }
    if let found = choices.first(where: { $0.0 == value.scalar?.string }) { return found.1 }
    let words = choices.map(\.0).joined(separator: ", ")
    mistakes.add(value, "\(key) is one of \(words)")
    return nil
  }

  /// Two numbers, `[low, high]`; either may be `.inf`.
  func range(_ key: String) -> (low: Double, high: Double)? {
    guard let value = value(key) else { return nil }
    guard let parts = value.sequence, parts.count == 2, let low = parts[0].float,
      let high = parts[1].float, low < high
    else {
      mistakes.add(value, "\(key) has to be [lowest, highest]")
      return nil
    }
    return (low, high)
  }

  /// A list of words.
  func words(_ key: String) -> [(text: String, node: Node)] {
    guard let value = value(key) else { return [] }
    guard let parts = value.sequence else {
      mistakes.add(value, "\(key) has to be a list")
      return []
    }
    return parts.compactMap { part in
      guard let text = part.scalar?.string else {
        mistakes.add(part, "\(key) lists words")
        return nil
      }
      return (text, part)
    }
  }

  func require(_ key: String, _ what: String) {
    if value(key) == nil { mistakes.add(node, "\(key) is missing: \(what)") }
  }

  /// Reports keys that nobody asked for, with the nearest known one.
  func finish() {
    for entry in entries where !asked.contains(entry.key) {
      let nearest = asked.sorted().min {
        Self.distance($0, entry.key) < Self.distance($1, entry.key)
      }
      let hint = nearest.flatMap { Self.distance($0, entry.key) <= 2 ? "; is it \($0)?" : nil }
      mistakes.add(
        entry.node,
        "\(entry.key) means nothing here\(hint ?? "; known are " + asked.sorted().joined(separator: ", "))"
      )
    }
    var seen: Set<String> = []
    for entry in entries where !seen.insert(entry.key).inserted {
      mistakes.add(entry.node, "\(entry.key) stands twice")
    }
  }

  /// Levenshtein's distance of two words.
  private static func distance(_ one: String, _ other: String) -> Int {
    let b = Array(other.utf8)
    var row = Array(0...b.count)
    for (i, x) in one.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}

/// The mistakes of one file.
final class MistakeList {
  private(set) var mistakes: [ProfileMistake] = []

  func add(_ node: Node, _ text: String) {
    mistakes.append(
      ProfileMistake(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, text: text))
  }

  var sorted: [ProfileMistake] {
    mistakes.enumerated().sorted {
      ($0.element.line, $0.element.column, $0.offset)
        < ($1.element.line, $1.element.column, $1.offset)
    }.map(\.element)
  }
}
