import Foundation

/// A labels file: a CSV with a header that names a key column and `label`, 1 for spoofed and 0 for
/// honest, or `outcome`, `reject` or `accept`; `attack` and `strength` may stand beside them. Fields
/// may be quoted as in RFC 4180.
struct LabelFile {
  struct Entry {
    var line: Int
    var key: String
    var isSpoofed: Bool
    /// The attack's name, `fault`, or empty.
    var attack = ""
    /// `easy`, `medium`, `hard`, or empty.
    var strength = ""
  }

  private(set) var entries: [Entry] = []

  /// - Throws: `PipelineError.cannotRead`, `.badLabels`.
  init(path: String, key: String) throws(PipelineError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .cannotRead(path: path)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .badLabels(path: path, reason: "it is not UTF-8")
    }
    var rows = LabelRows(text)
    guard let header = rows.next(), let keyPlace = header.firstIndex(of: key),
      let label = header.firstIndex(of: "label") ?? header.firstIndex(of: "outcome")
    else {
      throw .badLabels(path: path, reason: "its header lacks \(key), or label and outcome")
    }
    let attack = header.firstIndex(of: "attack")
    let strength = header.firstIndex(of: "strength")
    var line = 1
    while let row = rows.next() {
      line += 1
      if row == [""] { continue }
      guard row.count > max(keyPlace, label), let isSpoofed = Self.labels[row[label]] else {
        throw .badLabels(
          path: path, reason: "row \(line) has no \(key), or no label of 0 or 1, reject or accept")
      }
      func text(_ place: Int?) -> String { place.flatMap { $0 < row.count ? row[$0] : nil } ?? "" }
      entries.append(
        Entry(
          line: line, key: row[keyPlace], isSpoofed: isSpoofed, attack: text(attack),
          strength: text(strength)))
    }
    guard !rows.endsInsideQuotes else {
      throw .badLabels(path: path, reason: "row \(line) opens a quote that never closes")
    }
  }

  private static let labels = ["0": false, "1": true, "accept": false, "reject": true]
}

/// The rows of a CSV text (RFC 4180), without the byte-order mark that spreadsheets write.
struct LabelRows: IteratorProtocol {
  private var text: Substring.UnicodeScalarView
  private(set) var endsInsideQuotes = false

  init(_ text: String) {
    self.text = text.unicodeScalars[...]
    if self.text.first == "\u{FEFF}" { self.text.removeFirst() }
  }

  mutating func next() -> [String]? {
    guard !text.isEmpty else { return nil }
    var row: [String] = []
    var field = String.UnicodeScalarView()
    var isQuoted = false
    while let scalar = text.popFirst() {
      if isQuoted {
        if scalar != "\"" {
          field.append(scalar)
        } else if text.first == "\"" {
          text.removeFirst()
          field.append("\"")
        } else {
          isQuoted = false
        }
      } else if scalar == "\"" {
        isQuoted = true
      } else if scalar == "," {
        row.append(String(field))
        field = String.UnicodeScalarView()
      } else if scalar == "\n" {
        break
      } else if scalar != "\r" {
        field.append(scalar)
      }
    }
    row.append(String(field))
    endsInsideQuotes = isQuoted
    return row
  }
}
